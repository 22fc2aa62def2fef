using System.Net;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>pxe_hosts.json and its templates, edited while the program runs.</summary>
public sealed class PxeHostsTests : RackTests
{
    private static readonly RackNode First = new(1), Second = new(2), Third = new(3);

    [RackFact]
    public async Task A_host_is_added_and_its_template_changed_without_a_restart()
    {
        Rack.Describe([First]);
        await using var program = await StartAsync();
        using var host = Rack.From(Second.Address);

        Write("default.yaml", "#cloud-config\nhostname: $hostname\n");
        Write(
            "pxe_hosts.json", $$"""{ "hosts": { "{{Second.Address}}": { "macaddr": "{{Second.Mac}}", "$hostname": "two" } } }""");
        await Eventually.True(async () => (await ConfigAsync(host)).Contains("hostname: \"two\"", StringComparison.Ordinal));

        Write("default.yaml", "#cloud-config\nhostname: new-$hostname\n");
        await Eventually.True(async () => (await ConfigAsync(host)).Contains("hostname: \"new-two\"", StringComparison.Ordinal));

        Write("pxe_hosts.json", "{");
        await Eventually.True(async () =>
            (await program.ReadinessAsync()).Contains("pxe_hosts.json:", StringComparison.Ordinal));
        Rack.Describe([First, Third]);
        var third = await Rack.PlugInAsync(Third.Mac);
        await Eventually.True(async () => Third.Address.Equals(await DhcpClient.LeaseAsync(third)));
        Assert.Contains("hostname: \"new-two\"", await ConfigAsync(host), StringComparison.Ordinal);
        Assert.Equal(Second.Address, await DhcpClient.LeaseAsync(await Rack.PlugInAsync(Second.Mac)));
    }

    private void Write(string name, string content) => Bsroot.Write(Rack.Bsroot.At(name), content);

    private static async Task<string> ConfigAsync(HttpClient host)
    {
        using var answer = await host.GetAsync(new Uri("", UriKind.Relative), Cancellation);
        return answer.StatusCode == HttpStatusCode.OK ? await answer.Content.ReadAsStringAsync(Cancellation) : "";
    }
}
