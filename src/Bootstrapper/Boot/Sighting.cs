using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Dhcp;
using Bootstrapper.Inventory.Timelines;

namespace Bootstrapper.Boot;

/// <summary>One thing that dnsmasq's log, or our own DHCP server, tells of one machine.</summary>
internal abstract record Sighting
{
    /// <summary>For people.</summary>
    public abstract string Sentence { get; }

    public abstract BootStage Stage { get; }
}

/// <summary>A DHCP message from a machine or to it.</summary>
/// <param name="Message">As dnsmasq names it: <c>DHCPDISCOVER</c>, <c>DHCPACK</c>, <c>PXE</c>.</param>
/// <param name="Address">The one it is about; <c>null</c> where it is about none.</param>
/// <param name="Remark">What dnsmasq adds, such as <c>no address available</c>; empty for nothing.</param>
/// <param name="VendorClass">What the machine calls itself, in a message of its own; empty where it does not.</param>
internal sealed record DhcpSighting(
    MacAddress Mac, string Message, IPAddress? Address, string Remark, string VendorClass) : Sighting
{
    /// <summary>Who handed it on from another network, where our own server heard it; <c>null</c> for nobody.</summary>
    public IPAddress? Relay { get; init; }

    /// <summary>
    /// The client system architecture (RFC 4578, 2.1), as firmware says it in its vendor class; <c>null</c> for others.
    /// </summary>
    public int? Architecture => FirmwareClass.ArchitectureIn(VendorClass);

    /// <summary>Whether firmware or a boot loader asks, and no system.</summary>
    public bool IsOfFirmware => VendorClass.StartsWith("PXEClient", StringComparison.Ordinal)
        || VendorClass.StartsWith("HTTPClient", StringComparison.Ordinal);

    public override string Sentence =>
        $"{Message}{(Address is null ? "" : $" {Address}")}{Behind(" ", Remark)}{Behind(", ", VendorClass)}"
            + (Relay is null ? "" : $", by the relay {Relay}");

    public override BootStage Stage => BootStages.OfDhcp(Message);

    private static string Behind(string separator, string text) => text.Length > 0 ? separator + text : "";
}

/// <summary>An offer names a boot loader.</summary>
internal sealed record LoaderSighting(MacAddress Mac, string File) : Sighting
{
    public override string Sentence => $"told to load {File}";

    public override BootStage Stage => BootStage.None;
}

/// <summary>A transfer over TFTP ended.</summary>
/// <param name="File">Below <c>tftpboot/</c>; empty for one that was aborted.</param>
/// <param name="Error">The machine's words when it aborted, such as <c>error 8 User aborted the transfer</c>; else empty.</param>
internal sealed record TransferSighting(IPAddress Machine, TransferOutcome Outcome, string File, string Error = "") : Sighting
{
    private const string BootFiles = "pxelinux.cfg/01-";

    /// <summary>Whose boot file it is; <c>null</c> where it is something else.</summary>
    public MacAddress? BootFileOf =>
        File.StartsWith(BootFiles, StringComparison.Ordinal) && MacAddress.TryParse(File[BootFiles.Length..], null, out var mac)
            ? mac
            : null;

    public override string Sentence => Outcome switch
    {
        TransferOutcome.Sent => $"sent {File} to {Machine}",
        TransferOutcome.BrokenOff => $"failed sending {File} to {Machine}",
        TransferOutcome.NotFound => $"file {File} not found for {Machine}",
        _ => $"{Error} received from {Machine}",
    };

    /// <summary>What broke off brings nobody on.</summary>
    public override BootStage Stage => Outcome is TransferOutcome.Sent or TransferOutcome.NotFound
        ? BootStages.OfFetch($"/{File}", succeeded: Outcome == TransferOutcome.Sent)
        : BootStage.None;
}

/// <summary>What became of a transfer, as dnsmasq 2.90 tells it in its log (tftp.c).</summary>
internal enum TransferOutcome
{
    Sent,

    /// <summary>The machine stopped answering: half a minute of silence after a block.</summary>
    BrokenOff,

    NotFound,

    /// <summary>
    /// The machine said that it wants no more; UEFI does so when it only wanted to know the size. dnsmasq adds that it sent the
    /// file, or that it failed to.
    /// </summary>
    Aborted,
}
