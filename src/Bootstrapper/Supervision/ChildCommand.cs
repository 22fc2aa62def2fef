using System.Diagnostics;

namespace Bootstrapper.Supervision;

/// <summary>
/// A command line that runs a program with the capabilities it needs and no others, and that dies with its parent. Each
/// step executes the next, so the program has the process id that we hold.
/// </summary>
/// <remarks>
/// Changing to another user or group takes the parent-death signal away again (prctl(2)): setpriv sets it when it has changed
/// them. What is to be kept beyond that change, and beyond the next program, must be ambient (capabilities(7)).
/// </remarks>
internal static class ChildCommand
{
    /// <summary>
    /// Runs what follows only where the parent is still the one that was named; it may have died before the signal was set.
    /// </summary>
    private const string UnlessOrphaned = """[ "$PPID" = "$0" ] && exec "$@" """;

    /// <summary>Where programs are found, and the time zone of the log.</summary>
    private static readonly string[] Inherited = ["PATH", "TZ"];

    /// <param name="program">Where <see cref="ServiceSpec.FileName"/> was found.</param>
    /// <param name="parent">Process id of whoever starts it.</param>
    /// <param name="mayDropCapabilities">
    /// Whether that process has CAP_SETPCAP, without which it cannot make the bounding set smaller.
    /// </param>
    public static IReadOnlyList<string> Line(ServiceSpec spec, string program, int parent, bool mayDropCapabilities) =>
    [
        "setpriv",
        .. spec.User is { } user ? Becoming(user, spec) : [],
        .. mayDropCapabilities ? [$"--bounding-set={Only(spec)}"] : Array.Empty<string>(),
        "--no-new-privs",
        "--pdeathsig=KILL",
        "--",
        "sh", "-c", UnlessOrphaned, $"{parent}", program, .. spec.Arguments,
    ];

    /// <summary>
    /// With both outputs on pipes of ours, and nothing to read. Of our environment, in which there may be tokens, it has only
    /// what is named here: neither a variable REGISTRY_… nor a language of messages changes what a child does.
    /// </summary>
#pragma warning disable RS0030 // Here, and nowhere else, a program is started that stays.
    public static ProcessStartInfo StartInfo(ServiceSpec spec, string program)
    {
        var line = Line(spec, program, Environment.ProcessId, Capabilities.MayBeDropped);
        var start = new ProcessStartInfo(line[0], line.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var other in start.Environment.Keys.Except(Inherited, StringComparer.Ordinal).ToList())
        {
            start.Environment.Remove(other);
        }

        return start;
    }
#pragma warning restore RS0030

    private static string[] Becoming(ChildUser user, ServiceSpec spec) =>
    [
        $"--reuid={user.Id}",
        $"--regid={user.Id}",
        "--clear-groups",
        $"--inh-caps={Only(spec)}",
        $"--ambient-caps={Only(spec)}",
    ];

    private static string Only(ServiceSpec spec) =>
        string.Join(',', spec.Capabilities.Select(capability => $"+{capability}").Prepend("-all"));
}
