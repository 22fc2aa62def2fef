using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>The registry as machines use it: by its name, which dnsmasq tells them, and over TLS with our root alone.</summary>
public sealed class RegistryTests : RackTests
{
    private const string Registry = "bootstrapper:5000", Image = $"docker://{Registry}/rack/greeting:1";

    [RackFact]
    public async Task An_image_goes_in_comes_out_the_same_and_can_be_deleted()
    {
        Rack.Describe([new RackNode(1)]);
        await using var program = await StartAsync();
        using var trusted = new TemporaryDirectory();
        using var original = new TemporaryDirectory();
        using var copy = new TemporaryDirectory();
        OciImage.WriteLayout(original.Path, name: null, "from the rack"u8.ToArray());
        var root = await FetchRootAsync(trusted);
        Assert.Equal("200", await StatusAsync(root, $"https://{Registry}/v2/"));

        await SkopeoAsync("copy", "--dest-cert-dir", trusted.Path, $"oci:{original.Path}", Image);
        await SkopeoAsync("copy", "--src-cert-dir", trusted.Path, Image, $"oci:{copy.Path}");

        var digest = OciImage.DigestIn(original.Path);
        Assert.Equal(digest, OciImage.DigestIn(copy.Path));
        var manifest = $"https://{Registry}/v2/rack/greeting/manifests/{digest}";
        Assert.Equal("202", await StatusAsync(root, "--request", "DELETE", manifest));
        Assert.Equal("404", await StatusAsync(root, manifest));
    }

    [RackFact]
    public async Task Whoever_does_not_trust_our_root_does_not_trust_the_registry()
    {
        Rack.Describe([new RackNode(1)]);
        await using var program = await StartAsync();

        var curl = await Tool.RunAsync(Rack.Machines.Command("curl", "--silent", $"https://{Registry}/v2/"));

        Assert.Equal(60, curl.ExitCode); // curl(1): the peer's certificate cannot be authenticated
    }

    /// <summary>As a machine gets it.</summary>
    private async Task<string> FetchRootAsync(TemporaryDirectory directory) =>
        directory.Write("ca.crt", await Rack.Machines.OutputOfAsync("curl", "--silent", "--fail", "http://bootstrapper/ca.crt"));

    private Task<string> StatusAsync(string root, params IEnumerable<string> request) => Rack.Machines.OutputOfAsync(
        "curl",
        ["--silent", "--show-error", "--output", "/dev/null", "--write-out", "%{http_code}", "--cacert", root, .. request]);

    private Task SkopeoAsync(params IEnumerable<string> arguments) =>
        Rack.Machines.OutputOfAsync("skopeo", ["--insecure-policy", .. arguments]);
}
