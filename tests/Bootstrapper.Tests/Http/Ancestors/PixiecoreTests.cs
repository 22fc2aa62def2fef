using System.Net;
using System.Text.Json.Nodes;
using Bootstrapper.Cluster;
using Bootstrapper.Tests.Matchbox;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http.Ancestors;

/// <summary>
/// pixiecore's API, by its description: 200 and a JSON document boots the machine, anything else leaves it alone.
/// </summary>
public sealed class PixiecoreTests(MatchboxFixture fixture) : IClassFixture<MatchboxFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_boots_what_its_profile_says()
    {
        var node = Sample.Node() with
        {
            Boot = new BootSettings
            {
                Kernel = "rescue/vmlinuz",
                Initrd = ["rescue/a.img", "http://mirror.example/b.img"],
                Args = ["mac=${mac}"],
                MemoryOnly = true,
            },
            KernelArguments = ["quiet"],
        };
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster(node));
        using var client = daemon.From(MatchboxFixture.Stranger);
        var answer = JsonNode.Parse(await client.GetStringAsync("/pixiecore/v1/boot/52:54:00:00:00:01", Cancellation));
        Assert.True(JsonNode.DeepEquals(answer, JsonNode.Parse($$"""
            {
              "kernel": "http://127.0.0.1:{{daemon.Port}}/rescue/vmlinuz",
              "initrd": ["http://127.0.0.1:{{daemon.Port}}/rescue/a.img", "http://mirror.example/b.img"],
              "cmdline": "initrd=a.img initrd=b.img mac=52:54:00:00:00:01 quiet",
              "message": "n1 boots over the network"
            }
            """)), answer?.ToJsonString());
    }

    [Fact]
    public async Task A_machine_of_a_matchbox_group_boots_its_profile()
    {
        var answer = JsonNode.Parse(await fixture.Client.GetStringAsync("/pixiecore/v1/boot/52:54:00:a1:9c:aa", Cancellation));
        Assert.True(JsonNode.DeepEquals(answer, JsonNode.Parse("""
            {"kernel": "/assets/k", "initrd": ["/assets/a.img", "/assets/b.img"], "cmdline": "console=ttyS0 quiet"}
            """)), answer?.ToJsonString());
    }

    [Fact]
    public async Task What_is_no_MAC_address_gets_no_groups_profile_either()
    {
        using var answer = await fixture.Client.GetAsync("/pixiecore/v1/boot/nonsense", Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task An_installed_machine_a_stranger_and_nonsense_are_left_alone()
    {
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster());
        using var node = daemon.From("127.0.0.2");
        using var reported = await node.PostAsync(
            "/api/v1/report/52:54:00:00:00:01",
            new StringContent("state=running", null, "application/x-www-form-urlencoded"),
            Cancellation);
        Assert.Equal(HttpStatusCode.OK, reported.StatusCode);
        foreach (var (mac, status) in new[] { ("52:54:00:00:00:01", HttpStatusCode.NotFound),
            ("52:54:00:00:00:99", HttpStatusCode.NotFound), ("zz", HttpStatusCode.BadRequest) })
        {
            using var answer = await node.GetAsync($"/pixiecore/v1/boot/{mac}", Cancellation);
            Assert.Equal(status, answer.StatusCode);
        }
    }
}
