using Bootstrapper.Boot.Diagnosis;
using Bootstrapper.Inventory.Records;
using Microsoft.AspNetCore.Mvc;

namespace Bootstrapper.Http.Operators;

/// <summary>
/// Which machines an operator wants to see, in which order, and from where on: the query of <c>GET /api/v1/nodes</c>.
/// </summary>
internal sealed record NodeQuery
{
    private const int DefaultPage = 100;

    /// <summary>Each page costs a look at all machines, so who wants all asks for few.</summary>
    public const int LargestPage = 10_000;

    /// <summary>One or several, with commas; case does not matter.</summary>
    [FromQuery(Name = "state")]
    public string? State { get; init; }

    /// <summary>What it is doing: one or several, with commas; case does not matter.</summary>
    [FromQuery(Name = "phase")]
    public string? Phase { get; init; }

    [FromQuery(Name = "profile")]
    public string? Profile { get; init; }

    /// <summary>All of these labels, as <c>name=value</c> with commas.</summary>
    [FromQuery(Name = "label")]
    public string? Label { get; init; }

    /// <summary>
    /// A part of its host name, MAC address, IP address, serial number, profile, or of a label written <c>name=value</c>; case
    /// does not matter.
    /// </summary>
    [FromQuery(Name = "search")]
    public string? Search { get; init; }

    /// <summary>
    /// <c>hostName</c>, <c>state</c>, <c>phase</c> (failed first), <c>since</c>, <c>lastSeen</c>, <c>profile</c> or <c>ip</c>;
    /// with a <c>-</c> before it the other way round.
    /// </summary>
    [FromQuery(Name = "sort")]
    public string? Sort { get; init; }

    /// <summary>The <c>next</c> of the page before.</summary>
    [FromQuery(Name = "after")]
    public string? After { get; init; }

    /// <summary>Machines on a page; 100 by default, 10,000 at most.</summary>
    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }

    private string[] States => Names(State);

    private string[] Phases => Names(Phase);

    private string[] Labels => Names(Label);

    /// <returns>What makes no sense in it; <c>null</c> for nothing.</returns>
    public string? Objection() =>
        States.FirstOrDefault(IsNot<NodeState>) is { } state ? $"invalid state: expected {WordsOf<NodeState>()}, got {state}"
        : Phases.FirstOrDefault(IsNot<NodePhase>) is { } phase ? $"invalid phase: expected {WordsOf<NodePhase>()}, got {phase}"
        : Labels.FirstOrDefault(label => label.IndexOf('=', StringComparison.Ordinal) < 1) is { } pair
            ? $"invalid label: expected name=value, got {pair}"
        : Order() is not { } order ? $"invalid sort: expected {string.Join(", ", NodeOrder.Names)}, "
            + $"with - before it in reverse, got {Sort}"
        : After is not null && NodePlace.Parse(After, order) is null
            ? $"invalid after for the order {order.Name}: '{After}'; start without it"
        : null;

    /// <summary>Only where there is no <see cref="Objection"/>.</summary>
    public NodePage Page(IEnumerable<NodeView> machines)
    {
        var order = Order()!;
        var matching = machines.Where(Matches).Select(view => (View: view, Place: order.PlaceOf(view))).ToList();
        var start = After is null ? null : NodePlace.Parse(After, order);
        var rest = matching.Where(one => start is null || order.Compare(one.Place, start) > 0).OrderBy(one => one.Place, order);
        var most = Math.Clamp(Limit ?? DefaultPage, 1, LargestPage);
        var page = rest.Take(most + 1).ToList();
        return new NodePage(
            [.. page.Take(most).Select(one => one.View)],
            matching.Count,
            page.Count > most ? page[most - 1].Place.ToCursor(order) : null);
    }

    private NodeOrder? Order() => NodeOrder.Find(Sort ?? NodeOrder.ByHostName);

    private bool Matches(NodeView view) =>
        (States is [] || States.Contains(NodeLifecycle.Name(view.State), StringComparer.OrdinalIgnoreCase))
        && (Phases is [] || Phases.Contains(view.Phase.ToString(), StringComparer.OrdinalIgnoreCase))
        && (Profile is null || view.Profile == Profile)
        && Array.TrueForAll(Labels, label => LabelsOf(view).Contains(label, StringComparer.Ordinal))
        && (Search?.Trim() is not { Length: > 0 } part
            || Texts(view).Any(text => text?.Contains(part, StringComparison.OrdinalIgnoreCase) == true));

    private static string[] Names(string? list) =>
        (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string WordsOf<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetNames<T>().Select(name => name.ToLowerInvariant()));

    private static bool IsNot<T>(string name)
        where T : struct, Enum => !Enum.GetNames<T>().Contains(name, StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<string?> Texts(NodeView view) =>
    [
        view.HostName, view.Mac.ToString(), view.Mac.ToHyphenated(), view.Ip?.ToString(), view.Serial, view.Profile,
        .. LabelsOf(view),
    ];

    private static IEnumerable<string> LabelsOf(NodeView view) => view.Labels.Select(label => $"{label.Key}={label.Value}");
}
