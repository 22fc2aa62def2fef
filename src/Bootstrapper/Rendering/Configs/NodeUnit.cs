namespace Bootstrapper.Rendering.Configs;

/// <summary>A unit of systemd, or one of networkd, and what is to be done with it.</summary>
/// <param name="Name">With its suffix, which tells the kind.</param>
internal sealed record NodeUnit(string Name)
{
    /// <summary><c>null</c> where the unit is the operating system's own.</summary>
    public string? Content { get; init; }

    public IReadOnlyList<DropIn> DropIns { get; init; } = [];

    public bool Enable { get; init; }

    public bool Mask { get; init; }

    /// <summary>To coreos-cloudinit: forget the unit at the next start. It comes again then, from the same config.</summary>
    public bool Runtime { get; init; }

    public UnitCommand? Command { get; init; }

    /// <summary>What several entries say of one unit; of two commands the last is what it comes to.</summary>
    public static NodeUnit Together(IEnumerable<NodeUnit> entries) => entries.Aggregate((unit, next) => unit with
    {
        Content = unit.Content ?? next.Content,
        DropIns = [.. unit.DropIns, .. next.DropIns],
        Enable = unit.Enable || next.Enable,
        Mask = unit.Mask || next.Mask,
        Runtime = unit.Runtime || next.Runtime,
        Command = next.Command ?? unit.Command,
    });

    /// <summary>Whether it is read by systemd-networkd, and is no unit that could be started.</summary>
    public bool IsNetworkd => Path.GetExtension(Name) is ".network" or ".netdev" or ".link";

    /// <summary>Where the system looks for it; drop-ins lie in the directory of the same name with <c>.d</c> behind.</summary>
    public string FilePath => $"/etc/systemd/{(IsNetworkd ? "network" : "system")}/{Name}";

    public string DropInPath(DropIn dropIn) => $"{FilePath}.d/{dropIn.Name}";

    /// <summary>Whether it runs once the machine is up.</summary>
    public bool Starts => Command is UnitCommand.Start or UnitCommand.Restart or UnitCommand.ReloadOrRestart;

    /// <summary>Whether the unit itself says what wants it, so that enabling it makes it start.</summary>
    public bool CanBeEnabled => Content is null || Content.Split('\n').Any(line => line.Trim() == "[Install]");
}

/// <param name="Name">With <c>.conf</c>.</param>
internal sealed record DropIn(string Name, string Content);

/// <summary>Verbs of systemctl that coreos-cloudinit takes.</summary>
internal enum UnitCommand
{
    Start,
    Stop,
    Restart,
    Reload,
    TryRestart,
    ReloadOrRestart,
    ReloadOrTryRestart,
}
