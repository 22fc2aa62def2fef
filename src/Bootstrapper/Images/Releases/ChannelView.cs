using System.Text.Json.Serialization;

namespace Bootstrapper.Images.Releases;

/// <summary>
/// A channel's releases, as an operator reads it. That the vendor cannot be reached does not make them less ready.
/// </summary>
/// <param name="Current">
/// The version that machines are given; <c>null</c> while there is none, or where an operator put files without a version there.
/// </param>
/// <param name="Versions">What is kept on disk, oldest first.</param>
/// <param name="Looked">When a newer one was last looked for; <c>null</c> while that has not been done.</param>
/// <param name="Next">When one is looked for again.</param>
/// <param name="Failure">Why that failed.</param>
/// <param name="Missing">A file that machines cannot do without, and that is not there.</param>
internal sealed record ChannelView(
    string Channel,
    string? Current,
    IReadOnlyList<string> Versions,
    DateTimeOffset? Looked,
    DateTimeOffset? Next,
    string? Failure,
    string? Missing)
{
    public bool Ready => Missing is null;

    /// <summary>On one line, for <c>/readyz</c>.</summary>
    [JsonIgnore]
    public string Text => Looked is null || Failure is null ? Outline : $"{Outline}: {Failure}";

    /// <summary>Likewise, without the failure, which quotes programs and servers.</summary>
    [JsonIgnore]
    public string Outline => Missing is null
        ? $"{Channel}: {Current ?? ReleaseVersion.Current}{Told}"
        : $"{Channel}: there is no {Missing}: run 'bootstrapper fetch os', or set os.update.enabled{Told}";

    private string Told => (Looked, Failure) switch
    {
        (null, _) => "",
        (_, not null) => $"; the check for a newer one at {Looked:u} failed, next at {Next:u}",
        _ => $"; the newest at {Looked:u}, next check at {Next:u}",
    };
}
