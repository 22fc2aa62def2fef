using System.Collections.Concurrent;
using Bootstrapper.Cluster;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Images;

/// <summary>What machines see while a release takes the place of another.</summary>
[Trait("Category", "Slow")]
public sealed class ReleaseSwitchTests(SigningKeyFixture keys) : IClassFixture<SigningKeyFixture>
{
    private const int Clients = 8;
    private const int Length = 300_000;

    [Fact]
    public async Task Whoever_reads_meanwhile_gets_one_release_or_the_other()
    {
        await using var fixture = await ReleaseFixture.StartAsync(keys.Vendor);
        fixture.Release("1.0.0", length: Length);
        await fixture.FetchAsync();
        await using var daemon = await TestDaemon.StartAsync(
            Sample.Cluster() with { Os = new OperatingSystemSettings() },
            bsroot => Directory.CreateSymbolicLink(bsroot.Www, fixture.Bsroot.Www));
        var seen = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var clients = Enumerable.Range(0, Clients)
            .Select(client => ReadAsync(daemon, ReleaseFixture.Names[client % 4], seen, enough.Token)).ToList();

        foreach (var version in Enumerable.Range(2, 9).Select(number => $"{number}.0.0"))
        {
            fixture.Release(version, length: Length);
            await fixture.FetchAsync();
            await Eventually.True(() => clients.Exists(client => client.IsFaulted)
                || ReleaseFixture.Names.All(name => seen.ContainsKey($"{name} {version}")));
        }

        await enough.CancelAsync();
        await Task.WhenAll(clients);
        Assert.Equal(10, seen.Keys.Count(key => key.StartsWith(ReleaseFixture.Image, StringComparison.Ordinal)));
    }

    /// <summary>Every answer must be, byte for byte, the file of one release: whichever it says it is.</summary>
    private static async Task ReadAsync(
        TestDaemon daemon, string name, ConcurrentDictionary<string, int> seen, CancellationToken enough)
    {
        var releases = Enumerable.Range(1, 10).Select(number => $"{number}.0.0").ToDictionary(
            version => version, version => ReleaseFixture.Content(version, name, Length), StringComparer.Ordinal);
        using var client = daemon.From("127.0.0.1");
        while (!enough.IsCancellationRequested)
        {
            var content = await client.GetByteArrayAsync($"/stable/current/{name}", CancellationToken.None);
            var version = releases.Single(release => release.Value.AsSpan().SequenceEqual(content)).Key;
            seen.AddOrUpdate($"{name} {version}", 1, (_, times) => times + 1);
        }
    }
}
