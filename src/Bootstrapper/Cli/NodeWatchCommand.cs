using System.CommandLine;
using Bootstrapper.Cluster;
using Bootstrapper.Http.Operators;
using Spectre.Console;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper node watch [NODE…]</c></summary>
internal static class NodeWatchCommand
{
    /// <summary>Eyes follow no faster, and in a storm of events the list is not asked for at each.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(500);

    /// <summary>Between two looks at the clock while nothing happens: ages grow.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var nodes = new Argument<string[]>("NODE")
        {
            HelpName = "NODE",
            Arity = ArgumentArity.ZeroOrMore,
            Description = "Only these machines, by host name, MAC address, serial number or UUID.",
        };
        nodes.CompletionSources.Add(context => ApiOptions.NodeNames(context.ParseResult));
        return ApiOptions.Command(
            "watch",
            "Shows machines as they change: a table in place on a terminal, otherwise a line for each event. "
                + "Ends with Ctrl-C.",
            async (parsed, api, cancellation) =>
            {
                var wanted = await MachinesAsync(api, parsed.GetValue(nodes)!, cancellation);
                await (OutputFormat.IsTerminal(parsed.InvocationConfiguration.Output)
                    && parsed.GetRequiredValue(OutputFormat.OfStreams) == "text"
                    ? DrawAsync(api, wanted, cancellation)
                    : EventsCommand.TellAsync(parsed, api, after: null, seen => IsWanted(seen.Mac, wanted), cancellation));
            },
            nodes, OutputFormat.OfStreams);
    }

    private static async Task<IReadOnlySet<MacAddress>> MachinesAsync(
        ApiClient api, string[] names, CancellationToken cancellation)
    {
        var wanted = new HashSet<MacAddress>();
        foreach (var name in names)
        {
            wanted.Add((await api.NodeAsync(name, cancellation)).Mac);
        }

        return wanted;
    }

    private static Task DrawAsync(ApiClient api, IReadOnlySet<MacAddress> wanted, CancellationToken cancellation) =>
        Terminal.Screen.Live(new Text("")).StartAsync(async live =>
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            using var changes = new SemaphoreSlim(0);
            var following = FollowAsync(api, changes, over.Token);
            try
            {
                while (!following.IsCompleted)
                {
                    var all = await api.NodesAsync(new NodeQuery(), cancellation);
                    var views = all.Where(view => IsWanted(view.Mac, wanted)).ToList();
                    do
                    {
                        Draw(live, views);
                    }
                    while (!await changes.WaitAsync(Longest, cancellation) && !following.IsCompleted);
                    await Task.Delay(Shortest, TimeProvider.System, cancellation);
                }
            }
            finally
            {
                await over.CancelAsync();
                await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            await following;
        });

    /// <summary>Says that something has changed, once for whatever changed meanwhile.</summary>
    private static async Task FollowAsync(ApiClient api, SemaphoreSlim changes, CancellationToken cancellation)
    {
        await foreach (var _ in api.EventsAsync(node: null, after: null, cancellation))
        {
            if (changes.CurrentCount == 0)
            {
                changes.Release();
            }
        }
    }

    private static void Draw(LiveDisplayContext live, List<NodeView> views) => live.UpdateTarget(
        NodeListing.Nodes.Table(views, Terminal.Width, Terminal.Screen.Profile.Height));

    private static bool IsWanted(MacAddress machine, IReadOnlySet<MacAddress> wanted) =>
        wanted.Count == 0 || wanted.Contains(machine);
}
