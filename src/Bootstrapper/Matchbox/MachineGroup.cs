using Bootstrapper.Matchbox.GoTemplates;

namespace Bootstrapper.Matchbox;

/// <summary>Machines that are alike, and what they are to become: a file in <c>groups/</c>.</summary>
/// <param name="Selector">The labels that a machine must show, all of them; none for the group of all others.</param>
/// <param name="Metadata">Values of the operator's own for templates.</param>
internal sealed record MachineGroup(
    string Id,
    MachineProfile Profile,
    IReadOnlyDictionary<string, string> Selector,
    IReadOnlyDictionary<string, object?> Metadata)
{
    /// <summary>Tells groups with equally many labels apart.</summary>
    public string SelectorText =>
        string.Join(',', Selector.Select(label => $"{label.Key}={label.Value}").Order(StringComparer.Ordinal));

    public bool Matches(MachineRequest request) =>
        Selector.All(label =>
            request.Labels.TryGetValue(label.Key, out var value) && Normal(label.Key, value) == Normal(label.Key, label.Value));

    /// <summary>What templates see: metadata, the selector, and the request.</summary>
    /// <param name="request"><c>null</c> to try templates before anybody asks.</param>
    public IReadOnlyDictionary<string, object?> Variables(MachineRequest? request)
    {
        var variables = new Dictionary<string, object?>(Metadata, StringComparer.Ordinal);
        foreach (var (name, value) in Selector)
        {
            variables[name.ToLowerInvariant()] = value;
        }

        variables["request"] = request is null ? new RequestToCome() : request.Variables;
        return variables;
    }

    /// <summary>Firmware writes UUIDs in either case.</summary>
    internal static string Normal(string label, string value) => label == MachineRequest.Uuid ? value.ToLowerInvariant() : value;
}
