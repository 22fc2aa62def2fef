using System.Net;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Matchbox;

/// <summary>The matchbox directory, changed while the program runs.</summary>
[Trait("Category", "Slow")]
public sealed class MatchboxWatchTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_change_is_in_force_without_a_restart_and_a_broken_one_changes_nothing_and_is_shown()
    {
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster());
        using var client = daemon.From("127.0.9.9");
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(client, "/ipxe"));

        MatchboxFixture.Mount(daemon.Bsroot);
        await Eventually.True(async () => await StatusAsync(client, "/ipxe") == HttpStatusCode.OK);

        var answers = Path.Combine(daemon.Bsroot.Matchbox, "generic", "answers");
        Bsroot.Write(answers, "one\n{{ if }}\n");
        using var operators = await daemon.OperatorAsync();
        await Eventually.True(async () => (await ReadinessAsync(operators)).Contains(
            "matchbox/generic/answers:2:1: error: something is missing in this action", StringComparison.Ordinal));
        Assert.Contains("matchbox/generic/answers:2:1: error; ", await ReadinessAsync(client), StringComparison.Ordinal);
        Assert.DoesNotContain("action", await ReadinessAsync(client), StringComparison.Ordinal);
        Assert.Contains(daemon.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal)
            && line.Contains("matchbox/generic/answers:2:1", StringComparison.Ordinal));
        Assert.Equal("osInstalled: false\n", await client.GetStringAsync("/generic", Cancellation));

        Bsroot.Write(answers, "mended\n");
        await Eventually.True(async () => await client.GetStringAsync("/generic", Cancellation) == "mended\n");
        Assert.DoesNotContain("generic/answers", await ReadinessAsync(client), StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string url)
    {
        using var response = await client.GetAsync(url, Cancellation);
        return response.StatusCode;
    }

    private static async Task<string> ReadinessAsync(HttpClient client)
    {
        using var response = await client.GetAsync("/readyz", Cancellation);
        return await response.Content.ReadAsStringAsync(Cancellation);
    }
}
