using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Audit;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http.Operators;

/// <summary>Which BMC is shown, and what becomes of an order that cannot be put on record.</summary>
public sealed class PowerOrdersTests : IAsyncLifetime
{
    private static readonly IPAddress Described = IPAddress.Parse("10.10.20.11");

    private TestDaemon _daemon = null!;
    private HttpClient _admin = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _daemon = await TestDaemon.StartAsync(
            Sample.Cluster(Sample.Node(1) with { Bmc = new BmcSettings { Address = Described } }));
        _admin = await _daemon.OperatorAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _admin.Dispose();
        await _daemon.DisposeAsync();
    }

    [Fact]
    public async Task The_BMC_that_is_shown_is_the_one_that_is_spoken_to_whatever_somebody_noted()
    {
        using var noted = await _admin.PatchAsJsonAsync("/api/v1/nodes/n1", new { bmc = "10.10.20.99" }, Cancellation);
        Assert.Equal(HttpStatusCode.OK, noted.StatusCode);
        var shown = await _admin.GetFromJsonAsync<JsonElement>("/api/v1/nodes/n1", Cancellation);
        Assert.Equal($"{Described}", shown.GetProperty("bmc").GetString());
    }

    [Fact]
    public async Task What_the_audit_trail_cannot_be_told_of_is_not_done_and_why_is_said()
    {
        var journal = new AuditRepository(_daemon.Bsroot.Inventory).JournalDirectory;
        if (Directory.Exists(journal))
        {
            Directory.Delete(journal, recursive: true);
        }

        await File.WriteAllTextAsync(journal, "in the way", Cancellation);
        using var answer = await _admin.PostAsJsonAsync("/api/v1/nodes/n1/power", new { power = "on" }, Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains(
            "power on is not done, for the audit trail cannot be told of it",
            await answer.Content.ReadAsStringAsync(Cancellation),
            StringComparison.Ordinal);
    }
}
