using System.Text.RegularExpressions;
using Bootstrapper.Cluster.Keys;

namespace Bootstrapper.Cluster.Reading;

/// <summary>What reading one file has brought to light.</summary>
internal sealed partial class Findings
{
    private readonly HashSet<Key> _mentioned = new(ReferenceEqualityComparer.Instance);

    public List<Problem> Problems { get; } = [];

    public void Warning(string path, Position at, string message) =>
        Problems.Add(Problem.Warning(path, message) with { Position = at });

    public bool HasErrorAt(Regex path) =>
        Problems.Exists(problem => problem.Severity == Severity.Error && path.IsMatch(problem.Path));

    /// <summary>Five hundred nodes with the same idle key are one thing to know, not five hundred.</summary>
    public bool IsFirstMention(Key key) => _mentioned.Add(key);
}
