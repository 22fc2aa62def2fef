using Bootstrapper.Cluster;
using Bootstrapper.Http.Operators;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Rehearsal;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Rehearsal;

public sealed class KnownStatesTests
{
    private static readonly MacAddress Mac = Sample.Node(1).Mac;
    private static readonly DateTimeOffset Noon = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    private readonly KnownStates _known = new();

    [Theory]
    [InlineData(-1, NodeState.Running)]
    [InlineData(1, NodeState.Installing)]
    internal void An_event_changes_what_was_read_where_it_is_newer(int seconds, NodeState expected)
    {
        _known.Read(Mac, NodeState.Running, Noon);

        _known.Hear(Entered(NodeState.Installing, Noon.AddSeconds(seconds)));

        Assert.Equal(expected, _known.Of(Mac));
    }

    [Fact]
    public void Events_say_how_a_machine_is_that_was_never_read()
    {
        _known.Hear(Entered(NodeState.Installed, Noon));
        _known.Hear(Entered(NodeState.Running, Noon.AddSeconds(1)));

        Assert.Equal((NodeState.Running, 1), (_known.Of(Mac), _known.Running));
    }

    private static EventView Entered(NodeState state, DateTimeOffset at) =>
        new(1, at, Mac, "node-1", EventKind.State, "", null, null, null) { Entered = state };
}
