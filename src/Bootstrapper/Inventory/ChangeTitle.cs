namespace Bootstrapper.Inventory;

/// <summary>What a change is called in the audit trail and on the timeline.</summary>
internal static class ChangeTitle
{
    /// <returns>Such as <c>installing -> installed</c>; where the state stayed, what else is new.</returns>
    public static string Of(NodeRecord before, NodeRecord after) =>
        before.State != after.State ? $"{NodeLifecycle.Name(before.State)} -> {NodeLifecycle.Name(after.State)}"
        : before.Tries != after.Tries ? $"{NodeLifecycle.Name(after.State)} again, try {after.Tries}"
        : $"{NodeLifecycle.Name(after.State)}, changed";
}
