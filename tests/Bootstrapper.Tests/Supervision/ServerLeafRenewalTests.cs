using Bootstrapper.Host;
using Bootstrapper.Pki;
using Bootstrapper.Supervision;
using Bootstrapper.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bootstrapper.Tests.Supervision;

public sealed class ServerLeafRenewalTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualClock _clock = new(TimeProvider.System.GetUtcNow());
    private readonly Authorities _roots;
    private readonly FrontLeaf _front;
    private readonly RegistryLeaf _registry;
    private int _renewals;

    public ServerLeafRenewalTests()
    {
        var bsroot = new Bsroot(_directory.Path);
        _roots = Authorities.Open(bsroot, _clock);
        _front = new FrontLeaf(bsroot, _roots, _clock);
        _registry = new RegistryLeaf(bsroot, _roots, _clock);
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Leaves_are_renewed_in_time_and_the_registry_is_told_once()
    {
        ServerLeaf[] leaves = [Ensured(_front), Ensured(_registry)];
        using var renewal = await StartAsync();
        var before = Shown(leaves);

        await PassAsync(TimeSpan.FromDays(200));
        Assert.Equal(before, Shown(leaves));
        await PassAsync(TimeSpan.FromDays(50));
        await PassAsync(TimeSpan.FromHours(1));

        Assert.Empty(before.Intersect(Shown(leaves)));
        Assert.Equal(1, _renewals);
        await renewal.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_renewal_that_fails_is_tried_again()
    {
        Ensured(_front);
        Ensured(_registry);
        using var renewal = await StartAsync();
        var aside = _directory.Path + ".aside";
        Directory.Move(_directory.Path, aside);
        Bsroot.Write(_directory.Path, "no directory");

        await PassAsync(TimeSpan.FromDays(250));
        Assert.Equal(0, _renewals);
        File.Delete(_directory.Path);
        Directory.Move(aside, _directory.Path);
        await PassAsync(TimeSpan.FromHours(1));

        Assert.Equal(1, _renewals);
        await renewal.StopAsync(TestContext.Current.CancellationToken);
    }

    private static ServerLeaf Ensured(ServerLeaf leaf)
    {
        leaf.Ensure(Clusters.Small);
        return leaf;
    }

    private static IReadOnlyList<string> Shown(IEnumerable<ServerLeaf> leaves) =>
        [.. leaves.Select(leaf => leaf.Certificate.Thumbprint)];

    private async Task<ServerLeafRenewal> StartAsync()
    {
        var renewal = new ServerLeafRenewal(
            _roots,
            _front,
            _registry,
            () => Clusters.Small,
            () => _renewals++,
            new BackgroundHealth(),
            _clock,
            NullLogger<ServerLeafRenewal>.Instance);
        await renewal.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.True(() => _clock.Waiting == 1);
        return renewal;
    }

    /// <summary>Returns when the loop has done what the time asked for, and waits again.</summary>
    private Task PassAsync(TimeSpan time)
    {
        _clock.Advance(time);
        return Eventually.True(() => _clock.Waiting == 1);
    }
}
