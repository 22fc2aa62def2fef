using System.CommandLine;
using System.Globalization;
using Bootstrapper.Http.Operators;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper node log NODE [-n COUNT] [-f]</c></summary>
internal static class NodeLogCommand
{
    public static Command Create()
    {
        var node = ApiOptions.Node();
        var count = new Option<int>("--lines", "-n")
        {
            HelpName = "COUNT",
            Description = "Maximum number of lines.",
            DefaultValueFactory = _ => 100,
        };
        var follow = new Option<bool>("--follow", "-f") { Description = "Continue with new events as they happen." };
        return ApiOptions.Command(
            "log",
            "Shows the events of a machine: addresses, files, denied requests, reports, changes.",
            (parsed, api, cancellation) => RunAsync(
                parsed, api, parsed.GetRequiredValue(node), parsed.GetValue(count), parsed.GetValue(follow), cancellation),
            node, count, follow, OutputFormat.OfStreams);
    }

    private static async Task RunAsync(
        ParseResult parsed, ApiClient api, string node, int count, bool follow, CancellationToken cancellation)
    {
        var page = await api.GetAsync<TimelinePage>(
            $"{ApiClient.PathOf(node)}/timeline?limit={count.ToString(CultureInfo.InvariantCulture)}", cancellation);
        foreach (var seen in page.Items)
        {
            EventListing.Write(parsed, seen);
        }

        if (follow)
        {
            await foreach (var seen in api.EventsAsync(node, page.Items is [.., var last] ? last.Id : null, cancellation))
            {
                EventListing.Write(parsed, seen);
            }
        }
    }
}
