using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>
/// Tests that drive the built program, each on a rack of its own: networks, ports and a data root that nobody shares. What says
/// something of time is in <see cref="OneAfterTheOther"/>.
/// </summary>
[Trait("Category", "Slow")]
public abstract class RackTests : IAsyncLifetime
{
    /// <summary>Two racks at a time: of more, each would be late with all that it does.</summary>
    private static readonly SemaphoreSlim Places = new(2);

    private Rack? _rack;

    private protected Rack Rack => _rack!;

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await Places.WaitAsync(Cancellation);
        try
        {
            _rack = await Rack.BuildAsync();
        }
        catch
        {
            Places.Release();
            throw;
        }
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_rack is null)
        {
            return;
        }

        try
        {
            await _rack.DisposeAsync();
        }
        finally
        {
            Places.Release();
        }
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
