using Bootstrapper.Cluster.Keys;
using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster;

/// <summary>How the bootstrapper keeps its own copy of the releases current.</summary>
internal sealed record ReleaseUpdates(Section From) : Settings
{
    public ReleaseUpdates()
        : this(Section.None)
    {
    }

    public bool Enabled { get; init; } = From.Value(UpdateKeys.Enabled);

    public TimeSpan Interval { get; init; } = From.Value(UpdateKeys.Interval);

    /// <summary>How many versions of each channel stay on disk.</summary>
    public int Keep { get; init; } = From.Value(UpdateKeys.Keep);
}

/// <summary>The section <c>os.update</c>.</summary>
internal static class UpdateKeys
{
    public static readonly KeySet All = new();

    public static readonly ValueKey<bool> Enabled = All.Value("enabled", TextSyntax.Flag,
        "Whether new releases are downloaded by themselves.", fallback: "n");

    public static readonly ValueKey<TimeSpan> Interval = All.Value("interval", TimeSyntax.Interval,
        "How often to look for new releases, at least every minute and at most once a year.", fallback: "1h");

    public static readonly ValueKey<int> Keep = All.Value("keep", TextSyntax.Count,
        "How many releases of each channel stay on disk.", fallback: "3");
}
