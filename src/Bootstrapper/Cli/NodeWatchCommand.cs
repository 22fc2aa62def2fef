using System.CommandLine;
using Bootstrapper.Http.Operators;
using Spectre.Console;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper node watch [NODE…]</c></summary>
internal static class NodeWatchCommand
{
    /// <summary>Eyes follow no faster, and in a storm of events the list is not asked for at each.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(500);

    public static Command Create()
    {
        var nodes = new Argument<string[]>("NODE")
        {
            Arity = ArgumentArity.ZeroOrMore,
            Description = "Only these machines, by host name.",
        };
        return ApiOptions.Command(
            "watch",
            "Shows machines as they change: a table in place on a terminal, otherwise a line for each event. "
                + "Ends with Ctrl-C.",
            (parsed, api, cancellation) => OutputFormat.IsTerminal(parsed.InvocationConfiguration.Output)
                ? DrawAsync(api, parsed.GetValue(nodes)!, cancellation)
                : EventsCommand.TellAsync(
                    parsed, api, after: null, seen => IsWanted(seen.Node, parsed.GetValue(nodes)!), cancellation),
            nodes);
    }

    private static Task DrawAsync(ApiClient api, string[] nodes, CancellationToken cancellation) =>
        AnsiConsole.Live(new Text("")).StartAsync(async live =>
        {
            await using var events = api.EventsAsync(node: null, after: null, cancellation).GetAsyncEnumerator(cancellation);
            do
            {
                var views = await api.NodesAsync(new NodeQuery(), cancellation);
                live.UpdateTarget(NodeListing.Nodes.Table(views.Where(view => IsWanted(view.HostName, nodes)), isWide: false));
                await Task.Delay(Shortest, TimeProvider.System, cancellation);
            }
            while (await events.MoveNextAsync());
        });

    private static bool IsWanted(string? name, string[] nodes) =>
        nodes.Length == 0 || nodes.Contains(name, StringComparer.OrdinalIgnoreCase);
}
