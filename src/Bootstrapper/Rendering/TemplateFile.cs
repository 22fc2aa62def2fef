using Bootstrapper.Cluster;

namespace Bootstrapper.Rendering;

/// <summary>A template of the operator's.</summary>
/// <param name="Name">
/// As the description and other templates name it: relative to <c>templates/</c>, with forward slashes.
/// </param>
internal sealed record TemplateFile(string Name, string Text)
{
    /// <summary>Why there is no text. It concerns only those who use the template.</summary>
    public string? Fault { get; init; }

    public Position? FaultAt { get; init; }
}
