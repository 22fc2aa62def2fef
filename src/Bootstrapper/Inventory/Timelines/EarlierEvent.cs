using Bootstrapper.Inventory.Records;

namespace Bootstrapper.Inventory.Timelines;

/// <summary>
/// Events that a version wrote which had nothing but a line for people: what that says is put into the fields it has now.
/// </summary>
internal static class EarlierEvent
{
    /// <summary>What is now called waiting was called a hold, which is an operator's.</summary>
    public static string Renamed(string line) =>
        line.Replace("\"kind\":\"hold\"", "\"kind\":\"waiting\"", StringComparison.Ordinal);

    public static TimelineEvent Completed(TimelineEvent seen) => seen.Kind switch
    {
        EventKind.Dhcp when seen.Message is null => OfDhcp(seen, seen.Text.Split(' ', ',')[0]),
        EventKind.Tftp when seen.File is null => OfTftp(seen, seen.Text.Split(' ')),
        EventKind.Http when seen.File is null && seen.Stage == BootStage.None
            && seen.Text.Split(' ', 3) is [var method, ['/', ..] and var path, .. var status] =>
            OfHttp(seen, method, path.Split(':')[0], status is [['2', ..]]),
        EventKind.State when seen.Entered is null => OfState(seen, seen.Text.Split(':')[0].Split(' ')),
        EventKind.Report when seen.Text.StartsWith(NodeReport.KubeletPrefix, StringComparison.Ordinal) =>
            seen with { Kubelet = seen.Text[NodeReport.KubeletPrefix.Length..] },
        _ => seen,
    };

    private static TimelineEvent OfDhcp(TimelineEvent seen, string message) =>
        BootStages.OfDhcp(message) is var stage && stage == BootStage.None
            ? seen
            : seen with { Message = message, Stage = stage };

    private static TimelineEvent OfTftp(TimelineEvent seen, string[] words) => words switch
    {
        ["sent", var file, ..] => seen with { File = $"/{file}", Stage = BootStages.OfFetch($"/{file}", succeeded: true) },
        ["file", var file, "not", "found", ..] =>
            seen with { File = $"/{file}", Stage = BootStages.OfFetch($"/{file}", succeeded: false) },
        _ => seen,
    };

    private static TimelineEvent OfHttp(TimelineEvent seen, string method, string path, bool succeeded) => seen with
    {
        File = path,
        Stage = method == "GET" ? BootStages.OfFetch(path, succeeded) : BootStage.None,
    };

    private static TimelineEvent OfState(TimelineEvent seen, string[] words) => words switch
    {
        [var left, "->", var entered] when StateOf(left) is { } before && StateOf(entered) is { } after =>
            seen with { Left = before, Entered = after },
        [var entered] when StateOf(entered) is { } after => seen with { Entered = after },
        _ => seen,
    };

    private static NodeState? StateOf(string name) =>
        Enum.TryParse<NodeState>(name, ignoreCase: true, out var state) ? state : null;
}
