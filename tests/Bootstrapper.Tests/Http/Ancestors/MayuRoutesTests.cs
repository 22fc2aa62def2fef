using System.Net;
using System.Text;
using System.Text.Json;
using Bootstrapper.Cluster;
using Bootstrapper.Pki;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http.Ancestors;

/// <summary>Scripts written for mayu, which name machines by their serial number.</summary>
[Trait("Category", "Slow")]
public sealed class MayuRoutesTests : IAsyncLifetime
{
    private TestDaemon _daemon = null!;
    private HttpClient _operator = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _daemon = await TestDaemon.StartAsync(Sample.Cluster(Sample.Node(1) with { Serial = SerialNumber.Parse("S-77", null) }));
        _operator = await _daemon.OperatorAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _operator.Dispose();
        await _daemon.DisposeAsync();
    }

    [Theory]
    [InlineData("set_provider_id", """{"ProviderId":"i-7"}""", "ProviderId", "\"i-7\"")]
    [InlineData("set_ipmi_addr", """{"IPMIAddr":"10.9.9.9"}""", "IPMIAddr", "\"10.9.9.9\"")]
    [InlineData("set_cabinet", """{"Cabinet":3,"MachineOnCabinet":17}""", "MachineOnCabinet", "17")]
    [InlineData("set_metadata", """{"FleetMetadata":["disk=ssd","role=db"]}""", "FleetMetadata", """["disk=ssd","role=db"]""")]
    [InlineData("set_etcd_cluster_token", """{"EtcdClusterToken":"abc"}""", "EtcdClusterToken", "\"abc\"")]
    [InlineData("override", """{"Overrides":{"version":"1.2"}}""", "Overrides", """{"version":"1.2"}""")]
    [InlineData("set_state", """{"State":"running"}""", "State", "\"running\"")]
    [InlineData("set_installed", "{}", "State", "\"installed\"")]
    [InlineData("boot_complete", """{"FlatcarVersion":"4593.2.5"}""", "FlatcarVersion", "\"4593.2.5\"")]
    [InlineData("mark_fresh", "{}", "State", "\"configured\"")]
    public async Task What_a_script_sets_it_finds_again(string action, string host, string field, string expected)
    {
        Assert.Equal(HttpStatusCode.Accepted, await PutAsync(action, host));
        using var hosts = JsonDocument.Parse(await _operator.GetStringAsync("/admin/hosts", Cancellation));
        Assert.Equal(
            ("S-77", expected),
            (hosts.RootElement[0].GetProperty("Serial").GetString(), hosts.RootElement[0].GetProperty(field).GetRawText()));
    }

    [Fact]
    public async Task The_last_boot_is_mayus_zero_until_the_machine_has_booted()
    {
        Assert.Equal("0001-01-01T00:00:00+00:00", await LastBootAsync());
        Assert.Equal(HttpStatusCode.Accepted, await PutAsync("boot_complete", "{}"));
        Assert.StartsWith("20", await LastBootAsync(), StringComparison.Ordinal);
    }

    private async Task<string?> LastBootAsync()
    {
        using var hosts = JsonDocument.Parse(await _operator.GetStringAsync("/admin/hosts", Cancellation));
        return hosts.RootElement[0].GetProperty("LastBoot").GetString();
    }

    [Theory]
    [InlineData("mark_fresh", "{}")]
    [InlineData("set_state", """{"State":"configured"}""")]
    public async Task What_the_former_installation_holds_opens_nothing_any_more(string action, string host)
    {
        var leaf = _daemon.Part<NodeLeaves>().For(Sample.Node(1), Sample.Cluster());
        Assert.Equal(HttpStatusCode.Accepted, await PutAsync(action, host));
        Assert.NotEqual(leaf, _daemon.Part<NodeLeaves>().For(Sample.Node(1), Sample.Cluster()));
    }

    [Theory]
    [InlineData("set_state", """{"State":"flying"}""", HttpStatusCode.BadRequest)]
    [InlineData("set_ipmi_addr", """{"IPMIAddr":"here"}""", HttpStatusCode.BadRequest)]
    [InlineData("set_cabinet", "[", HttpStatusCode.BadRequest)]
    [InlineData("set_fire", "{}", HttpStatusCode.NotFound)]
    public async Task What_makes_no_sense_is_refused(string action, string host, HttpStatusCode expected) =>
        Assert.Equal(expected, await PutAsync(action, host));

    [Fact]
    public async Task Unlike_mayu_nobody_may_do_this_without_a_token()
    {
        using var nobody = _daemon.OverTls();
        using var list = await nobody.GetAsync("/admin/hosts", Cancellation);
        using var change = await nobody.PutAsync("/admin/host/S-77/mark_fresh", new StringContent("{}"), Cancellation);
        Assert.All([list, change], response => Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode));
    }

    private async Task<HttpStatusCode> PutAsync(string action, string host)
    {
        using var response = await _operator.PutAsync(
            $"/admin/host/S-77/{action}", new StringContent(host, Encoding.UTF8, "application/json"), Cancellation);
        return response.StatusCode;
    }
}
