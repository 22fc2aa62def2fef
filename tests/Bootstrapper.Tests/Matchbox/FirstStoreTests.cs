using System.Text.Json.Nodes;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Matchbox;

/// <summary>The files of the first bootcfg, which had no groups.</summary>
public sealed class FirstStoreTests
{
    private const string Uuid = "1cff2cd8-f00a-42c8-9426-f55e6a1847f6";

    [Fact]
    public async Task A_machine_gets_the_file_of_its_UUID_or_of_its_MAC_address_or_the_default()
    {
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster(), Fill);
        using var client = daemon.From("127.0.9.9");
        async Task<string> Get(string url) => await client.GetStringAsync(url, TestContext.Current.CancellationToken);

        Assert.Equal(
            "#!ipxe\nkernel /images/k coreos.autologin url=http://x/cloud?uuid=${uuid}\ninitrd /images/i\nboot\n",
            await Get("/ipxe?mac=52-54-00-89-d8-10"));
        Assert.Equal("#!ipxe\nkernel /images/default\nboot\n", await Get($"/ipxe?uuid={Uuid}"));
        Assert.Equal(
            "#cloud-config\nhostname: uuid\n", await Get($"/cloud?uuid={Uuid.ToUpperInvariant()}&mac=52-54-00-89-d8-10"));
        Assert.Equal("#cloud-config\nhostname: mac {{.left}}\n", await Get("/cloud?uuid=&mac=52:54:00:89:d8:10"));
        Assert.Equal("#cloud-config\n", await Get("/cloud"));
        var pixiecore = JsonNode.Parse(await Get("/pixiecore/v1/boot/52:54:00:89:d8:10"))!;
        Assert.Equal("coreos.autologin url=http://x/cloud?uuid=${uuid}", pixiecore["cmdline"]!.GetValue<string>());
    }

    private static void Fill(Bsroot bsroot)
    {
        void Write(string name, string content) => Bsroot.Write(Path.Combine(bsroot.Matchbox, name), content);

        Write("boot/default", """{"kernel": "/images/default"}""");
        Write(
            "boot/mac/52:54:00:89:d8:10",
            """
            {"kernel": "/images/k", "initrd": ["/images/i"],
             "cmdline": {"url": "http://x/cloud?uuid=${uuid}", "coreos.autologin": ""}}
            """);
        Write("cloud/default", "#cloud-config\n");
        Write("cloud/mac/52:54:00:89:d8:10", "#cloud-config\nhostname: mac {{.left}}\n");
        Write($"cloud/uuid/{Uuid}", "#cloud-config\nhostname: uuid\n");
    }
}
