# Writes a CycloneDX document of an image. Input, raw: one Debian package a line, as NAME VERSION ARCHITECTURE.
# --arg version, created, architecture, debian (its number); --slurpfile program: the program's deps.json, which .NET writes.

# What goes into a package URL as it is not; https://github.com/package-url/purl-spec
def part: @uri | gsub("%3A"; ":");

def debian: split(" ") | {
    type: "library", name: .[0], version: .[1],
    purl: "pkg:deb/debian/\(.[0] | part)@\(.[1] | part)?arch=\(.[2])&distro=debian-\($debian | part)"
};

# The two parts of .NET that a self-contained program brings are named there with what they are to the SDK before them.
def dotnet: split("/") | (.[0] | ltrimstr("runtimepack.")) as $name | {
    type: "library", $name, version: .[1], purl: "pkg:nuget/\($name | part)@\(.[1] | part)"
};

{
    bomFormat: "CycloneDX", specVersion: "1.6", version: 1,
    metadata: {
        timestamp: $created,
        component: {
            type: "container", name: "bootstrapper", $version, licenses: [{ license: { id: "Apache-2.0" } }],
            properties: [{ name: "architecture", value: $architecture }]
        }
    },
    components: (
        [[inputs] | sort[] | debian]
        + [$program[0].libraries | to_entries[] | select(.value.type | . == "package" or . == "runtimepack") | .key | dotnet]
        | map(. + { "bom-ref": .purl })
    )
}
