using System.CommandLine;
using Bootstrapper.Http.Operators;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper events [--after ID]</c></summary>
internal static class EventsCommand
{
    public static Command Create()
    {
        var after = new Option<long?>("--after")
        {
            HelpName = "ID",
            Description = "Begin after this event ID; 0 for all that are kept. Default: new events only.",
        };
        return ApiOptions.Command(
            "events",
            "Shows the events of all machines as they happen. Ends with Ctrl-C.",
            (parsed, api, cancellation) => TellAsync(parsed, api, parsed.GetValue(after), _ => true, cancellation),
            after, OutputFormat.OfStreams);
    }

    public static async Task TellAsync(
        ParseResult parsed, ApiClient api, long? after, Func<EventView, bool> isWanted, CancellationToken cancellation)
    {
        await foreach (var seen in api.EventsAsync(node: null, after, cancellation))
        {
            if (isWanted(seen))
            {
                EventListing.Write(parsed, seen);
            }
        }
    }
}
