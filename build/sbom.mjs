// A published file's bill of materials, as CycloneDX JSON.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { Enums, Models, Serialize, Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { binary, version } from "./release-targets.mjs";

const specification = Spec.Spec1dot6;

/** No serial number, and the time is the commit's: of one commit there is one bill. */
export function bill(rid, parts, time) {
  const file = new Models.Component(Enums.ComponentType.Application, "tinyvex", {
    version,
    bomRef: "tinyvex",
    licenses: new Models.LicenseRepository([new Models.SpdxLicense("MIT")]),
    hashes: new Models.HashDictionary([[Enums.HashAlgorithm["SHA-256"], sha256(binary(rid))]]),
    purl: `pkg:generic/tinyvex@${version}`,
    properties: new Models.PropertyRepository([new Models.Property("tinyvex:rid", rid)]),
  });
  const bom = new Models.Bom({ metadata: new Models.Metadata({ component: file, timestamp: new Date(time * 1000) }) });
  for (const part of parts) {
    const component = new Models.Component(Enums.ComponentType.Library, part.name, {
      version: part.version,
      bomRef: part.purl,
      purl: part.purl,
      copyright: part.copyright,
      hashes: new Models.HashDictionary([[Enums.HashAlgorithm["SHA-512"], part.sha512]]),
      supplier: new Models.OrganizationalEntity({ name: part.supplier }),
      licenses: new Models.LicenseRepository([
        part.license.includes(" ") ? new Models.LicenseExpression(part.license) : new Models.SpdxLicense(part.license)]),
      properties: new Models.PropertyRepository(part.carrier ? [new Models.Property("tinyvex:carrier", part.carrier)] : []),
    });
    bom.components.add(component);
    file.dependencies.add(component.bomRef);
  }
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(specification));
  return serializer.serialize(bom, { sortLists: true, space: 2 }) + "\n";
}

/** Null when the text is what the schema asks for, else what is wrong. */
export function faults(text) {
  return new Validation.JsonStrictValidator(specification.version).validate(text);
}

function sha256(file) {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}
