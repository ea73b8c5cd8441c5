// SPDX-License-Identifier: Apache-2.0
// Verifies the XAdES seal of each unpacked container named, with nothing but the JDK:
// signature, every reference, and the certificate's path to root.crt. One line for each.

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.xml.crypto.Data;
import javax.xml.crypto.KeySelector;
import javax.xml.crypto.OctetStreamData;
import javax.xml.crypto.URIDereferencer;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

public class VerifyXades {
    static final String DS = "http://www.w3.org/2000/09/xmldsig#";
    static final String XADES = "http://uri.etsi.org/01903/v1.3.2#";

    public static void main(String[] folders) throws Exception {
        for (String folder : folders) {
            String said;
            try {
                said = verifies(Path.of(folder)) ? "valid" : "invalid";
            } catch (Exception error) {
                said = "invalid: " + error.getClass().getSimpleName();
            }
            System.out.println(said);
        }
    }

    static boolean verifies(Path folder) throws Exception {
        DocumentBuilderFactory builders = DocumentBuilderFactory.newInstance();
        builders.setNamespaceAware(true);
        builders.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        byte[] file = Files.readAllBytes(folder.resolve("META-INF/signatures001.xml"));
        Document document = builders.newDocumentBuilder().parse(new ByteArrayInputStream(file));
        CertificateFactory certificates = CertificateFactory.getInstance("X.509");
        List<X509Certificate> chain = new ArrayList<>();
        NodeList shown = document.getElementsByTagNameNS(DS, "X509Certificate");
        for (int i = 0; i < shown.getLength(); i++) {
            byte[] der = java.util.Base64.getDecoder().decode(shown.item(i).getTextContent());
            chain.add((X509Certificate) certificates.generateCertificate(new ByteArrayInputStream(der)));
        }
        try (InputStream root = Files.newInputStream(folder.resolve("root.crt"))) {
            TrustAnchor anchor = new TrustAnchor((X509Certificate) certificates.generateCertificate(root), null);
            PKIXParameters parameters = new PKIXParameters(Set.of(anchor));
            parameters.setRevocationEnabled(false);
            CertPathValidator.getInstance("PKIX").validate(certificates.generateCertPath(chain), parameters);
        }
        Element signature = (Element) document.getElementsByTagNameNS(DS, "Signature").item(0);
        DOMValidateContext context = new DOMValidateContext(
            KeySelector.singletonKeySelector(chain.get(0).getPublicKey()), signature);
        Element properties = (Element) document.getElementsByTagNameNS(XADES, "SignedProperties").item(0);
        context.setIdAttributeNS(properties, null, "Id");
        XMLSignatureFactory factory = XMLSignatureFactory.getInstance("DOM");
        URIDereferencer inside = factory.getURIDereferencer();
        context.setURIDereferencer((reference, how) -> {
            if (reference.getURI().startsWith("#")) {
                return inside.dereference(reference, how);
            }
            try {
                byte[] content = Files.readAllBytes(folder.resolve(reference.getURI()));
                return (Data) new OctetStreamData(new ByteArrayInputStream(content));
            } catch (java.io.IOException error) {
                throw new javax.xml.crypto.URIReferenceException(error);
            }
        });
        return factory.unmarshalXMLSignature(context).validate(context);
    }
}
