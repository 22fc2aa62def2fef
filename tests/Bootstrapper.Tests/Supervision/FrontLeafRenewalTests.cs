using Bootstrapper.Host;
using Bootstrapper.Pki;
using Bootstrapper.Supervision;
using Bootstrapper.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bootstrapper.Tests.Supervision;

public sealed class FrontLeafRenewalTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualClock _clock = new(TimeProvider.System.GetUtcNow());
    private int _renewals;
    private Authorities? _roots;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_front_leaf_is_renewed_in_time_and_who_shows_it_is_told_once()
    {
        var leaf = Ensured();
        using var renewal = await StartAsync(leaf);
        var before = leaf.Certificate.Thumbprint;

        await PassAsync(TimeSpan.FromDays(200));
        Assert.Equal(before, leaf.Certificate.Thumbprint);
        await PassAsync(TimeSpan.FromDays(50));
        await PassAsync(TimeSpan.FromHours(1));

        Assert.NotEqual(before, leaf.Certificate.Thumbprint);
        Assert.Equal(1, _renewals);
        await renewal.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_renewal_that_fails_is_tried_again()
    {
        var leaf = Ensured();
        using var renewal = await StartAsync(leaf);
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

    private Authorities Roots => _roots ??= Authorities.Open(new Bsroot(_directory.Path), _clock);

    private FrontLeaf Ensured()
    {
        var leaf = new FrontLeaf(new Bsroot(_directory.Path), Roots, _clock);
        leaf.Ensure(Clusters.Small);
        return leaf;
    }

    private async Task<FrontLeafRenewal> StartAsync(FrontLeaf leaf)
    {
        var renewal = new FrontLeafRenewal(
            Roots,
            leaf,
            () => Clusters.Small,
            () => _renewals++,
            new BackgroundHealth(),
            _clock,
            NullLogger<FrontLeafRenewal>.Instance);
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
