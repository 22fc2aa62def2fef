using Bootstrapper.Cluster;

namespace Bootstrapper.Inventory.Audit;

/// <summary>One entry of the audit trail as it is read back, in the API and in the commands.</summary>
/// <param name="Id">The name of the commit.</param>
/// <param name="Author">Who asked: an address, an operator's name, the program's.</param>
/// <param name="AuthorKind"><c>machine</c>, <c>operator</c> or <c>program</c>; who commits by hand is an operator.</param>
/// <param name="Node">
/// What the machine was called; <c>null</c>, as <paramref name="Mac"/>, where the change is not of one machine.
/// </param>
/// <param name="Subject">Such as <c>node1: held</c>.</param>
internal sealed record AuditEntry(
    string Id, DateTimeOffset At, string Author, string AuthorKind, string? Node, MacAddress? Mac, string Subject, string? Reason)
{
    /// <summary>What it changed, as a unified diff; of a single entry only.</summary>
    public string? Diff { get; init; }
}

/// <summary>Part of the audit trail, newest first.</summary>
/// <param name="Next">To be given as <c>before</c> for what is older; <c>null</c> when there is nothing.</param>
internal sealed record AuditPage(IReadOnlyList<AuditEntry> Items, string? Next);
