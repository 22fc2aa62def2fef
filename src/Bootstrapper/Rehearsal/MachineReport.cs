using Bootstrapper.Cluster;

namespace Bootstrapper.Rehearsal;

/// <summary>What scripts on machines tell the bootstrapper: they do not go on before it has been heard.</summary>
internal static class MachineReport
{
    public const string Form = "application/x-www-form-urlencoded";

    /// <param name="pause">Until it is said again.</param>
    /// <returns>Whether it was accepted; otherwise it was refused for good.</returns>
    public static async Task<bool> SendAsync(
        HttpAsker http, Stage stage, Node node, string report, TimeSpan pause, CancellationToken cancellation)
    {
        var began = Phase.Begin();
        while (true)
        {
            http.Close(); // each is made by a program of its own
            var answer = await http.PostAsync($"/api/v1/report/{node.Mac}", Form, report, cancellation);
            if (answer is { IsGood: true })
            {
                stage.Phases.Reports.End(began);
                return true;
            }

            if (answer is { Status: >= 400 and < 500 and not 429 })
            {
                stage.Phases.Reports.Fail();
                stage.Ledger.Refuse($"{answer.Status} to {report}: {answer.Text}");
                return false;
            }

            stage.Phases.Reports.Retry();
            await Task.Delay(pause, cancellation);
        }
    }
}
