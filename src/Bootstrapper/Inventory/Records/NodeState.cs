namespace Bootstrapper.Inventory.Records;

/// <summary>How far a machine has come.</summary>
internal enum NodeState
{
    /// <summary>Seen, but not in the description.</summary>
    Discovered,

    /// <summary>To be installed as soon as it asks to boot.</summary>
    Configured,

    /// <summary>Its install script has begun.</summary>
    Installing,

    /// <summary>The operating system is on its disk; it has not been heard of since.</summary>
    Installed,

    /// <summary>The installed system has reported.</summary>
    Running,

    Failed,
}
