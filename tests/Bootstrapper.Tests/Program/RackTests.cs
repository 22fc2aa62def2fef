using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>
/// Tests that drive the built program on a rack of its own. One after the other: what they say of time needs both cores.
/// </summary>
[Collection(Name)]
[Trait("Category", "Slow")]
public abstract class RackTests : IAsyncLifetime
{
    public const string Name = "the built program";

    private Rack? _rack;

    private protected Rack Rack => _rack!;

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _rack = await Rack.BuildAsync();

    public virtual async ValueTask DisposeAsync()
    {
        await Rack.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Started, and ready.</summary>
    private protected async Task<RunningProgram> StartAsync(params string[] arguments)
    {
        var program = RunningProgram.Start(Rack, arguments);
        await program.ReadyAsync();
        return program;
    }

    /// <summary>No process of the program's is alive, and its ports are free.</summary>
    private protected async Task NothingIsLeftAsync(params IEnumerable<int> pids)
    {
        await Eventually.True(async () => await Rack.Server.PidsAsync() is []);
        await Eventually.True(() => !pids.Any(ProcessTable.IsAlive)); // one that ends has left its network before it is gone
        Assert.Equal("", await Rack.Server.ListenersAsync());
    }
}

[CollectionDefinition(RackTests.Name, DisableParallelization = true)]
public sealed class OneAfterTheOther;
