using Bootstrapper.Cluster;
using Bootstrapper.Host;

namespace Bootstrapper.InForce;

/// <summary>cluster-desc.yml as it is on disk at this moment, and how that stands to what is in force.</summary>
/// <param name="Text">Empty where there is no file, or none that can be read.</param>
/// <param name="InForce">Whether the snapshot in force was made from this text.</param>
/// <param name="Problems">
/// All that is to be said of it and of the templates beside it, by whoever tried them last; nothing is tried for this.
/// </param>
internal sealed record DescriptionOnDisk(string Text, bool InForce, IReadOnlyList<Problem> Problems)
{
    /// <summary>Told wherever problems of the description are.</summary>
    public static Problem Held { get; } = Problem.Warning(
        "",
        "it, or a file beside it, was changed and is held (reload: manual): 'bootstrapper plan' says what it changes, "
            + "'bootstrapper apply' puts it into force");

    public static DescriptionOnDisk Read(Bsroot bsroot, CurrentSnapshot current)
    {
        var stamp = WatchedFiles.Stamp(bsroot);
        try
        {
            var text = BoundedFile.ReadText(bsroot.Description, SnapshotLoader.LargestDescription);
            var (snapshot, rejection) = (current.Value, current.Rejection);
            var isInForce = text == snapshot.Text;
            return new DescriptionOnDisk(text, isInForce, rejection?.Stamp == stamp ? rejection.Problems
                : current.IsHeld ? [Held]
                : isInForce && (snapshot.Stamp == stamp || snapshot.Cluster.Reload == Reload.Manual) ? snapshot.Warnings
                : [Problem.Warning("", "changed a moment ago, and not looked at yet")]);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Unreadable($"there is no {bsroot.Description}: it is being replaced, or is gone");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unreadable($"it cannot be read: {e.Message}");
        }
    }

    private static DescriptionOnDisk Unreadable(string why) =>
        new("", InForce: false, [Problem.Error("", $"{why}; what was in force stays in force")]);
}
