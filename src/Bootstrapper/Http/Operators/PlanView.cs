using Bootstrapper.Cluster;
using Bootstrapper.Planning;

namespace Bootstrapper.Http.Operators;

/// <summary>The wire form of a <see cref="Plan"/>.</summary>
/// <param name="Digest">Names it: whoever applies it can say that it is this one.</param>
/// <param name="Nodes">How many there are in the new description.</param>
/// <param name="Changed">How many are given another byte.</param>
/// <param name="Groups">Those, by what happens to them; the most grave first.</param>
/// <param name="Shared">Files that no single node has, and when they are taken.</param>
/// <param name="Settings">Keys of the description that say something else.</param>
/// <param name="AwaitsRestart">Whether all of it comes into force only when the bootstrapper is started again.</param>
/// <param name="Problems">Warnings.</param>
internal sealed record PlanView(
    string Digest,
    int Nodes,
    int Changed,
    IReadOnlyList<PlanGroupView> Groups,
    IReadOnlyList<SharedChangeView> Shared,
    IReadOnlyList<SettingChangeView> Settings,
    bool AwaitsRestart,
    IReadOnlyList<ProblemView> Problems)
{
    /// <summary>Groups whose lines are shown; of those beyond, one asks for a node.</summary>
    private const int MostShown = 200;

    /// <param name="fixedByNow">What cannot change while the bootstrapper runs.</param>
    public static PlanView Of(
        Plan plan, bool withDiffs, IEnumerable<Problem> problems, IReadOnlyCollection<Problem> fixedByNow) => new(
        plan.Digest,
        plan.After.Snapshot.Cluster.Nodes.Count,
        plan.Nodes.Count,
        [.. plan.Groups.Index().Select(group => PlanGroupView.Of(plan, group.Item, withDiffs && group.Index < MostShown))],
        [.. withDiffs ? NodeDiffs.OfShared(plan).Zip(plan.Shared, (diff, file) => SharedChangeView.Of(file, diff.Text))
            : plan.Shared.Select(file => SharedChangeView.Of(file, diff: null))],
        [.. plan.Settings.Select(SettingChangeView.Of)],
        fixedByNow.Count > 0,
        [.. problems.Concat(fixedByNow.Select(problem => problem with { Severity = Severity.Warning })).Select(ProblemView.Of)]);

    public bool IsEmpty() => Changed == 0 && Shared.Count == 0 && Settings.Count == 0;
}

/// <summary>Nodes to which the same happens.</summary>
/// <param name="Parts">What of what they are given differs.</param>
/// <param name="Nodes">Host names.</param>
/// <param name="Diffs">Of the first of them, where they were asked for; the others differ in their own names alone.</param>
internal sealed record PlanGroupView(
    Effect Effect, Change Change, IReadOnlyList<string> Parts, IReadOnlyList<string> Nodes, IReadOnlyList<FileDiff>? Diffs)
{
    private static readonly (Given Part, string Name)[] Names =
    [
        (Given.Config, "config"), (Given.InstallScript, "install.sh"), (Given.Boot, "boot"), (Given.Addresses, "addresses"),
        (Given.Generic, "generic"),
    ];

    public static PlanGroupView Of(Plan plan, IReadOnlyList<PlannedNode> nodes, bool withDiffs) => new(
        nodes[0].Effect,
        nodes[0].Change,
        [.. Names.Where(name => nodes[0].Parts.HasFlag(name.Part)).Select(name => name.Name)],
        [.. nodes.Select(node => node.HostName)],
        withDiffs ? NodeDiffs.Of(plan, nodes[0]) : null);
}

/// <summary>A file that all nodes share, or that one of the bootstrapper's own programs reads.</summary>
/// <param name="Diff">Where it was asked for.</param>
internal sealed record SharedChangeView(string Path, Effect Effect, string? Diff)
{
    public static SharedChangeView Of(SharedChange file, string? diff) => new(file.Path, file.Effect, diff);
}

/// <summary>A key that says something else.</summary>
/// <param name="Path">Such as <c>registry_push</c>.</param>
/// <param name="Before">The word that it said, where it has one of a few.</param>
/// <param name="Security">Whether it is about who is let in, trusted, or given secrets.</param>
internal sealed record SettingChangeView(string Path, string? Before, string? After, bool Security)
{
    public static SettingChangeView Of(SettingChange change) =>
        new(change.Path, change.Before, change.After, change.IsOfSecurity);
}
