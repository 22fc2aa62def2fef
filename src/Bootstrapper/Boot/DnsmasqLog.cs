using System.Net;
using System.Text.RegularExpressions;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Timelines;

namespace Bootstrapper.Boot;

/// <summary>
/// Reads from dnsmasq's log what machines asked and were told. Its lines, with <c>log-dhcp</c> (dnsmasq 2.90, rfc2131.c and
/// tftp.c), of which those of one packet follow each other under one number:
/// <code>
/// dnsmasq-dhcp[7]: 240640888 vendor class: PXEClient:Arch:00000:UNDI:002001
/// dnsmasq-dhcp[7]: 240640888 DHCPDISCOVER(eth0) 52:54:00:aa:00:01
/// dnsmasq-dhcp[7]: 240640888 DHCPOFFER(eth0) 10.77.0.30 52:54:00:aa:00:01
/// dnsmasq-dhcp[7]: 240640888 bootfile name: pxelinux.0
/// dnsmasq-tftp[7]: sent /bsroot/tftpboot/pxelinux.0 to 10.77.0.30
/// </code>
/// </summary>
/// <param name="machineAt">The machine at an address: TFTP knows no other name.</param>
internal sealed partial class DnsmasqLog(
    Bsroot bsroot, NodeInventory inventory, Timeline timeline, Func<IPAddress, MacAddress?> machineAt)
{
    private readonly Lock _gate = new();
    private string _packet = "";
    private string _vendorClass = "";
    private MacAddress? _offeredTo;

    public void Read(string line)
    {
        lock (_gate)
        {
            if (Dhcp().Match(line) is { Success: true } dhcp)
            {
                ReadDhcp(dhcp.Groups["packet"].Value, dhcp.Groups["text"].Value);
            }
            else if (Tftp().Match(line) is { Success: true } tftp)
            {
                ReadTftp(tftp.Groups["text"].Value);
            }
        }
    }

    private void ReadDhcp(string packet, string text)
    {
        if (packet != _packet)
        {
            (_packet, _vendorClass, _offeredTo) = (packet, "", null);
        }

        if (VendorClass().Match(text) is { Success: true } vendorClass)
        {
            _vendorClass = $", {vendorClass.Groups["class"].Value}";
        }
        else if (Message().Match(text) is { Success: true } message)
        {
            ReadMessage(message);
        }
        else if (BootFile().Match(text) is { Success: true } bootFile && _offeredTo is { } mac)
        {
            Note(mac, EventKind.Dhcp, $"told to load {bootFile.Groups["file"].Value}");
        }
    }

    private void ReadMessage(Match message)
    {
        var name = message.Groups["name"].Value;
        var mac = MacAddress.Parse(message.Groups["mac"].Value, null);
        _offeredTo = name is "DHCPOFFER" or "PXE" ? mac : null;
        var asked = name is "DHCPDISCOVER" or "DHCPREQUEST" or "PXE" ? _vendorClass : "";
        _vendorClass = "";
        var (address, rest) = (message.Groups["address"].Value, message.Groups["rest"].Value);
        Note(mac, EventKind.Dhcp, $"{name}{Before(" ", address)}{Before(" ", rest)}{asked}");
    }

    private void ReadTftp(string text)
    {
        if (Transfer().Match(text) is { Success: true } transfer
            && IPAddress.TryParse(transfer.Groups["address"].Value, out var address)
            && machineAt(address) is { } mac)
        {
            var path = transfer.Groups["path"].Value;
            var said = path.Length > 0
                ? text.Replace(path, Path.GetRelativePath(bsroot.TftpRoot, path), StringComparison.Ordinal)
                : text;
            var sent = text.StartsWith("sent ", StringComparison.Ordinal) && new FileInfo(path) is { Exists: true } file
                ? file.Length
                : (long?)null;
            Note(mac, EventKind.Tftp, said, sent);
        }
    }

    private void Note(MacAddress mac, EventKind kind, string text, long? bytes = null)
    {
        if (inventory.Discover(mac, text) is { } machine)
        {
            timeline.Add(new TimelineEvent(machine, kind, text) { Bytes = bytes });
        }
    }

    private static string Before(string separator, string text) => text.Length > 0 ? separator + text : "";

    [GeneratedRegex(
        @"^dnsmasq-dhcp(?:\[\d+\])?: (?<packet>\d+) (?<text>.*?)\s*$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Dhcp();

    [GeneratedRegex(@"^dnsmasq-tftp(?:\[\d+\])?: (?<text>.*?)\s*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Tftp();

    [GeneratedRegex("^vendor class: (?<class>.+)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VendorClass();

    [GeneratedRegex(
        @"^(?<name>DHCP[A-Z]+|PXE|BOOTP)\([^)]*\) (?:(?<address>\d+(?:\.\d+){3}) )?"
            + "(?<mac>[0-9a-f]{2}(?::[0-9a-f]{2}){5})(?: (?<rest>.+))?$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Message();

    [GeneratedRegex("^bootfile name: (?<file>.+)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BootFile();

    [GeneratedRegex(
        @"^(?:(?:sent|failed sending|file) (?<path>/\S+)(?: not found)? (?:to|for)|error \d+ .* received from) "
            + @"(?<address>[\d.]+)$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Transfer();
}
