namespace Bootstrapper.Cluster;

/// <summary>The description cannot be put into force.</summary>
internal sealed class DescriptionException(IReadOnlyList<Problem> problems) : Exception("the description cannot be used")
{
    public IReadOnlyList<Problem> Problems { get; } = problems;
}
