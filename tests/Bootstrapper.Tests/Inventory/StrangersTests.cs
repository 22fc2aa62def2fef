using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Inventory;
using Bootstrapper.Rendering;
using Bootstrapper.Tests.Support;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Extensions.Logging;

namespace Bootstrapper.Tests.Inventory;

/// <summary>What is kept of machines that the description does not name and does not want.</summary>
public sealed class StrangersTests : IAsyncDisposable
{
    private readonly InventoryFixture _fixture = new(Sample.Node(1));
    private readonly LogMemory _log = new();
    private readonly SerilogLoggerFactory _loggers;
    private readonly Strangers _strangers;

    public StrangersTests()
    {
        _loggers = new SerilogLoggerFactory(new LoggerConfiguration().WriteTo.Sink(_log).CreateLogger(), dispose: true);
        _strangers = new Strangers(
            new CurrentSnapshot(new Snapshot(
                Sample.Cluster() with { UnknownNodes = UnknownNodes.Ignore }, _fixture.Bsroot, TemplateSet.Of([]))),
            _fixture.Inventory,
            _fixture.Clock,
            _loggers.CreateLogger<Strangers>());
    }

    public ValueTask DisposeAsync()
    {
        _loggers.Dispose();
        return _fixture.DisposeAsync();
    }

    [Fact]
    public void Where_they_are_ignored_nothing_is_recorded_and_the_log_has_a_line_a_minute()
    {
        for (var i = 0; i < 1000; i++)
        {
            Assert.Null(_strangers.Meet(Card(i), "DHCPDISCOVER"));
        }

        Assert.Empty(_fixture.Inventory.Records);
        Assert.Contains("52:54:00:00:ff:00\" is not a card of a node", Assert.Single(_log.Lines), StringComparison.Ordinal);
        _fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(_strangers.Meet(Card(1), "DHCPDISCOVER"));
        Assert.Contains("; 999 more such packets", _log.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Nodes_and_machines_that_are_on_record_already_are_met()
    {
        _fixture.Inventory.WriteBootFiles([Sample.Node(1)]);
        _fixture.Inventory.Discover(Card(1), "before the description said ignore");
        Assert.Equal(Sample.Node(1).Mac, _strangers.Meet(Sample.Node(1).Mac, "DHCPDISCOVER"));
        Assert.Equal(Card(1), _strangers.Meet(Card(1), "DHCPDISCOVER"));
        Assert.Empty(_log.Lines);
    }

    private static MacAddress Card(int number) => new(0x5254_0000_ff00 + (ulong)number);
}
