// The entry that tools/vendor_assets.py bundles: only what the pages draw.
import * as echarts from "echarts/core";
import { BarChart, LineChart, MapChart, ScatterChart } from "echarts/charts";
import { GeoComponent, GridComponent, TooltipComponent } from "echarts/components";
import { CanvasRenderer } from "echarts/renderers";

echarts.use([
  BarChart, LineChart, MapChart, ScatterChart,
  GeoComponent, GridComponent, TooltipComponent, CanvasRenderer,
]);

globalThis.echarts = echarts;
