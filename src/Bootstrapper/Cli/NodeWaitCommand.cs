using System.CommandLine;
using Bootstrapper.Http.Operators;
using Bootstrapper.Inventory.Records;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper node wait NODE… --for state=running</c></summary>
internal static class NodeWaitCommand
{
    private const int DefaultPatience = 60;

    private const string Form = "state=";

    /// <summary>Each look asks for all machines.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(3);

    private static readonly Dictionary<string, NodeState> States =
        Enum.GetValues<NodeState>().ToDictionary(NodeLifecycle.Name, StringComparer.Ordinal);

    private static readonly Option<string> For = new("--for")
    {
        HelpName = "state=STATES",
        Description = $"The state, or one of several with commas: {string.Join(", ", States.Keys)}.",
        Required = true,
    };

    private static readonly NumberOption Patience = NumberOption.Timeout("Wait no longer than this.", DefaultPatience);

    public static Command Create()
    {
        var command = ApiOptions.Command(
            "wait",
            """
            Waits until machines are in a state, and tells of each that is.

            Ends with exit code 69 as soon as one has failed, and with 75 when the time is over. A bootstrapper that does not
            answer meanwhile is asked again.
            """,
            RunAsync,
            [.. NodeSelection.All, For, Patience]);
        NodeSelection.Check(command);
        For.CompletionSources.Add([.. States.Keys.Select(word => Form + word)]);
        command.Validators.Add(result =>
        {
            if (result.GetValue(For) is { } text && Wanted(text) is null)
            {
                result.AddError($"invalid --for: expected state= and {WordList.Of([.. States.Keys])}, got '{text}'");
            }
        });
        return command;
    }

    private static async Task RunAsync(ParseResult parsed, ApiClient api, CancellationToken cancellation)
    {
        var wanted = Wanted(parsed.GetRequiredValue(For))!;
        var minutes = parsed.GetValue(Patience) ?? DefaultPatience;
        var output = parsed.InvocationConfiguration.Output;
        var (began, missing) = (TimeProvider.System.GetTimestamp(), await NodeSelection.FindAsync(parsed, api, cancellation));
        while (true)
        {
            foreach (var there in missing.Where(view => wanted.Contains(view.State)))
            {
                await output.WriteLineAsync($"{there.HostName}: {NodeLifecycle.Name(there.State)}");
            }

            missing = [.. missing.Where(view => !wanted.Contains(view.State))];
            if (missing.Count == 0)
            {
                return;
            }

            if (missing.FirstOrDefault(view => view.State == NodeState.Failed) is { } failed)
            {
                throw new ApiException(ExitCode.Unavailable, $"{failed.HostName} has failed: {failed.Reason ?? failed.Message}");
            }

            if (TimeProvider.System.GetElapsedTime(began) >= TimeSpan.FromMinutes(minutes))
            {
                throw new ApiException(ExitCode.TryLater, $"after {minutes} min: {string.Join("; ", missing.Select(Told))}");
            }

            await Task.Delay(LookAgain, TimeProvider.System, cancellation);
            missing = await LookAsync(api, missing, cancellation);
        }
    }

    /// <returns>As they are now; as before where the bootstrapper does not answer.</returns>
    private static async Task<IReadOnlyList<NodeView>> LookAsync(
        ApiClient api, IReadOnlyList<NodeView> machines, CancellationToken cancellation)
    {
        if (await ApiClient.UnlessAwayAsync(api.NodesAsync(new NodeQuery(), cancellation)) is not { } views)
        {
            return machines;
        }

        var all = views.ToDictionary(view => view.Mac);
        return [.. machines.Select(machine => all.GetValueOrDefault(machine.Mac) ?? throw Gone(machine))];
    }

    private static ApiException Gone(NodeView machine) =>
        new(ExitCode.MissingInput, $"{machine.HostName} is not there any more: somebody removed it");

    private static string Told(NodeView machine) =>
        $"{machine.HostName} is {NodeLifecycle.Name(machine.State)}" + (machine.Reason is { } why ? $" ({why})" : "");

    /// <returns><c>null</c> for what is no such condition.</returns>
    private static HashSet<NodeState>? Wanted(string text)
    {
        var words = text.StartsWith(Form, StringComparison.Ordinal) ? text[Form.Length..].Split(',') : [];
        return words.Length > 0 && Array.TrueForAll(words, States.ContainsKey) ? [.. words.Select(word => States[word])] : null;
    }
}
