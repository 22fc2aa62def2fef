using System.Collections.Frozen;
using Bootstrapper.Model;

namespace Bootstrapper.Matchbox;

/// <summary>A matchbox data directory in force: read, tried, and in memory. A change on disk makes a new one.</summary>
internal sealed class MatchboxDirectory
{
    /// <summary>Labels that few machines share, the fewest first.</summary>
    private static readonly string[] Telling = [MachineRequest.Mac, MachineRequest.Uuid, "serial", "hostname"];

    private readonly FrozenDictionary<(string, string), Ranked[]> _byLabel;
    private readonly Ranked? _others;

    public MatchboxDirectory(IReadOnlyList<MachineGroup> groups, IReadOnlyList<MachineProfile> profiles, FirstStore store)
    {
        // The most labels win; of equally many, the last in the alphabet, as in matchbox.
        var ranked = groups
            .OrderByDescending(group => group.Selector.Count)
            .ThenByDescending(group => group.SelectorText, StringComparer.Ordinal)
            .ThenBy(group => group.Id, StringComparer.Ordinal)
            .Select((group, rank) => new Ranked(group, rank))
            .ToList();
        _byLabel = ranked.Where(group => group.Group.Selector.Count > 0)
            .GroupBy(group => KeyOf(group.Group))
            .ToFrozenDictionary(same => same.Key, same => same.ToArray());
        _others = ranked.Find(group => group.Group.Selector.Count == 0);
        (Groups, Profiles, Store) = (groups, profiles, store);
    }

    public IReadOnlyList<MachineGroup> Groups { get; }

    /// <summary>Those of the groups, and those that no group has yet.</summary>
    public IReadOnlyList<MachineProfile> Profiles { get; }

    /// <summary>bootcfg's first way to keep files; asked where no group matches.</summary>
    public FirstStore Store { get; }

    /// <summary>
    /// The group whose labels the machine shows, the most specific one; costs the same for ten groups and ten thousand.
    /// </summary>
    public MachineGroup? Find(MachineRequest request) => request.Labels
        .SelectMany(label => _byLabel.GetValueOrDefault((label.Key, MachineGroup.Normal(label.Key, label.Value)), []))
        .Where(candidate => candidate.Group.Matches(request))
        .MinBy(candidate => candidate.Rank)?.Group ?? _others?.Group;

    /// <summary>What the machine boots; <c>null</c> where the directory has nothing for it.</summary>
    public NetBoot? Boot(MachineRequest request) => Find(request) is { } group ? group.Profile.Boot : Store.Boot(request);

    private static (string, string) KeyOf(MachineGroup group)
    {
        var label = Telling.FirstOrDefault(group.Selector.ContainsKey)
            ?? group.Selector.Keys.Order(StringComparer.Ordinal).First();
        return (label, MachineGroup.Normal(label, group.Selector[label]));
    }

    private sealed record Ranked(MachineGroup Group, int Rank);
}
