namespace Bootstrapper.Bundles;

/// <summary>A bundle cannot be made or taken over as it is.</summary>
/// <param name="problems">One line each, as an operator reads them.</param>
internal sealed class BundleException(IReadOnlyList<string> problems) : Exception(string.Join("; ", problems))
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
