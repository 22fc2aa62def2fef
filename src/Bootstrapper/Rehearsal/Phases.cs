namespace Bootstrapper.Rehearsal;

/// <summary>A machine's life from power on until it runs, as it is measured.</summary>
internal sealed class Phases
{
    public Phase FirmwareDhcp { get; } = new("DHCP, firmware");

    public Phase TftpLoader { get; } = new("loader over TFTP");

    public Phase HttpLoader { get; } = new("loader over HTTP");

    public Phase LoaderDhcp { get; } = new("DHCP, iPXE");

    public Phase Scripts { get; } = new("scripts for iPXE");

    public Phase LiveSystem { get; } = new("kernel, initrd");

    public Phase LiveDhcp { get; } = new("DHCP, live system");

    public Phase InstallScript { get; } = new("install.sh");

    public Phase Facts { get; } = new("facts");

    public Phase Config { get; } = new("config");

    public Phase Image { get; } = new("image");

    public Phase Reports { get; } = new("reports");

    public Phase InstalledDhcp { get; } = new("DHCP, installed");

    public Phase StrangersDhcp { get; } = new("DHCP, strangers");

    /// <summary>What each step of a machine is part of: see <see cref="StepGate"/>.</summary>
    public IReadOnlyList<Phase> InStep =>
    [
        FirmwareDhcp, TftpLoader, HttpLoader, LoaderDhcp, Scripts, LiveSystem, LiveDhcp, InstallScript, Facts, Reports, Config,
        Image, Reports, InstalledDhcp, Reports,
    ];

    public IReadOnlyList<Phase> All =>
    [
        FirmwareDhcp, TftpLoader, HttpLoader, LoaderDhcp, Scripts, LiveSystem, LiveDhcp, InstallScript, Facts, Config, Image,
        Reports, InstalledDhcp, StrangersDhcp,
    ];
}
