using Bootstrapper.Cluster;

namespace Bootstrapper.Inventory.Audit;

/// <summary>One entry of the audit trail: what changed, why, and who asked.</summary>
/// <param name="Title">Such as <c>node1: installing -> installed</c>.</param>
/// <param name="Reason">Empty where the title says it all.</param>
internal sealed record AuditCommit(string Title, string Reason, Author By, DateTimeOffset At, IReadOnlyList<AuditFile> Files)
{
    /// <summary>The machine that it is about, where it changes no file of it.</summary>
    public MacAddress? Mac { get; init; }
}

/// <summary>A file as it is after the change.</summary>
/// <param name="Path">Relative to <c>inventory/</c>.</param>
/// <param name="Content"><c>null</c> when it is gone.</param>
internal sealed record AuditFile(string Path, string? Content);
