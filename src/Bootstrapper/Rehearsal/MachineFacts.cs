using System.Globalization;
using Bootstrapper.Cluster;

namespace Bootstrapper.Rehearsal;

/// <summary>
/// What machines tell of themselves, as tell-facts.sh.template does: up to ten times, with pauses that grow and are each its own.
/// </summary>
internal static class MachineFacts
{
    private const int Tries = 10;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(4), LongestPause = TimeSpan.FromSeconds(32);

    /// <summary>Returns when they are on record, or the machine has given up: nothing depends on it.</summary>
    public static async Task TellAsync(Stage stage, Node node, CancellationToken cancellation)
    {
        var (began, pause) = (Phase.Begin(), FirstPause);
        using var http = new HttpAsker(stage.Network, node.Ip!, stage.Web);
        for (var attempt = 1; ; attempt++)
        {
            var answer = await http.PostAsync($"/api/v1/report/{node.Mac}/facts", "application/json", Of(node), cancellation);
            http.Close();
            switch (answer)
            {
                case { IsGood: true }:
                    stage.Phases.Facts.End(began);
                    stage.Ledger.AcknowledgeFacts(node);
                    return;
                case { Status: >= 400 and < 500 and not 429 }:
                    stage.Phases.Facts.Fail();
                    stage.Ledger.Fault($"{node.HostName} was refused its facts: {answer.Status} {answer.Text}");
                    return;
                case var _ when attempt == Tries:
                    stage.Phases.Facts.Fail();
                    return;
            }

            stage.Phases.Facts.Retry();
            await Task.Delay(pause * (0.5 + (Random.Shared.NextDouble() / 2)), cancellation);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private static string Of(Node node) => string.Create(CultureInfo.InvariantCulture, $$"""
        {"cpus":32,"memory":270000000000,"vendor":"Played","product":"Machine","serial":"PLAYED-{{node.Mac.ToHyphenated()}}",
        "disks":[{"name":"nvme0n1","size":960197124096,"model":"Played","serial":"PLAYED-1","transport":"nvme"}],
        "nics":[{"name":"eth0","mac":"{{node.Mac}}","link":true}]}
        """);
}
