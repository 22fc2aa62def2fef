using System.Net;
using Bootstrapper.Cluster;

namespace Bootstrapper.Boot;

/// <summary>
/// The one reader of dnsmasq's log: what machines asked and were told. Its lines, with <c>log-dhcp</c> (dnsmasq 2.90, rfc2131.c
/// and tftp.c), of which those of one packet follow each other under one number:
/// <code>
/// dnsmasq-dhcp[7]: 240640888 vendor class: PXEClient:Arch:00000:UNDI:002001
/// dnsmasq-dhcp[7]: 240640888 DHCPDISCOVER(eth0) 52:54:00:aa:00:01
/// dnsmasq-dhcp[7]: 240640888 DHCPOFFER(eth0) 10.77.0.30 52:54:00:aa:00:01
/// dnsmasq-dhcp[7]: 240640888 bootfile name: pxelinux.0
/// dnsmasq-tftp[7]: sent /bsroot/tftpboot/pxelinux.0 to 10.77.0.30
/// </code>
/// A boot storm writes tens of thousands of them a second, so it looks at each line once and makes nothing of most.
/// </summary>
/// <param name="tftpRoot">What paths of files begin with.</param>
internal sealed class DnsmasqLog(string tftpRoot)
{
    private const string Dhcp = "dnsmasq-dhcp", Tftp = "dnsmasq-tftp";
    private const string VendorClass = "vendor class: ", BootFile = "bootfile name: ";
    private const int MacLength = 17;

    private readonly Lock _gate = new();
    private string _packet = "", _vendorClass = "";
    private MacAddress? _offeredTo;

    /// <returns><c>null</c> for a line that tells of no machine.</returns>
    public Sighting? Read(ReadOnlySpan<char> line)
    {
        if (Said(line, Dhcp) is { Length: > 0 } dhcp)
        {
            lock (_gate)
            {
                return ReadDhcp(dhcp);
            }
        }

        return Said(line, Tftp) is { Length: > 0 } tftp ? ReadTftp(tftp) : null;
    }

    /// <returns>What stands behind a program's name and process; nothing where another one speaks.</returns>
    private static ReadOnlySpan<char> Said(ReadOnlySpan<char> line, string program)
    {
        if (!line.StartsWith(program, StringComparison.Ordinal))
        {
            return default;
        }

        var rest = line[program.Length..];
        var colon = rest.IndexOf(": ", StringComparison.Ordinal);
        var names = colon == 0 || (colon > 2 && rest[0] == '[' && rest[colon - 1] == ']'
            && !rest[1..(colon - 1)].ContainsAnyExceptInRange('0', '9'));
        return names ? rest[(colon + 2)..].TrimEnd() : default;
    }

    private Sighting? ReadDhcp(ReadOnlySpan<char> said)
    {
        var space = said.IndexOf(' ');
        if (space < 1 || said[..space].ContainsAnyExceptInRange('0', '9'))
        {
            return null;
        }

        var packet = said[..space];
        var text = said[(space + 1)..];
        if (!packet.SequenceEqual(_packet))
        {
            (_packet, _vendorClass, _offeredTo) = (packet.ToString(), "", null);
        }

        if (text.StartsWith(VendorClass, StringComparison.Ordinal))
        {
            _vendorClass = text[VendorClass.Length..].ToString();
            return null;
        }

        return text.StartsWith(BootFile, StringComparison.Ordinal)
            ? _offeredTo is { } mac ? new LoaderSighting(mac, text[BootFile.Length..].ToString()) : null
            : ReadMessage(text);
    }

    /// <summary>
    /// Such as <c>DHCPOFFER(eth0) 10.77.0.30 52:54:00:aa:00:01 node-7</c>, the address and the rest only where there are any.
    /// </summary>
    private DhcpSighting? ReadMessage(ReadOnlySpan<char> text)
    {
        var open = text.IndexOf('(');
        var close = text.IndexOf(") ", StringComparison.Ordinal);
        if (open < 0 || close < open || MessageOf(text[..open]) is not { } message)
        {
            return null;
        }

        var rest = text[(close + 2)..];
        var address = AddressBefore(ref rest);
        if (rest.Length < MacLength || !MacAddress.TryParse(rest[..MacLength], out var mac))
        {
            return null;
        }

        var vendorClass = message is "DHCPDISCOVER" or "DHCPREQUEST" or "PXE" ? _vendorClass : "";
        (_vendorClass, _offeredTo) = ("", message is "DHCPOFFER" or "PXE" ? mac : null);
        return new DhcpSighting(mac, message, address, rest[MacLength..].Trim().ToString(), vendorClass);
    }

    private static string? MessageOf(ReadOnlySpan<char> name) => name switch
    {
        "DHCPDISCOVER" => "DHCPDISCOVER",
        "DHCPOFFER" => "DHCPOFFER",
        "DHCPREQUEST" => "DHCPREQUEST",
        "DHCPACK" => "DHCPACK",
        "PXE" or "BOOTP" => name.ToString(),
        _ => name.StartsWith("DHCP", StringComparison.Ordinal) && !name.ContainsAnyExceptInRange('A', 'Z')
            ? name.ToString()
            : null,
    };

    /// <summary>A MAC address has a colon as its third sign; what else stands before the first blank is an IP address.</summary>
    private static IPAddress? AddressBefore(ref ReadOnlySpan<char> rest)
    {
        var space = rest.IndexOf(' ');
        if (space < 0 || !IPAddress.TryParse(rest[..space], out var address))
        {
            return null;
        }

        rest = rest[(space + 1)..];
        return address;
    }

    /// <summary>A path may have blanks in it, an address has none.</summary>
    private TransferSighting? ReadTftp(ReadOnlySpan<char> said) =>
        Between(said, "sent /", " to ") is { } sent ? Ended(TransferOutcome.Sent, sent)
        : Between(said, "failed sending /", " to ") is { } failed ? Ended(TransferOutcome.BrokenOff, failed)
        : Between(said, "file /", " not found for ") is { } missing ? Ended(TransferOutcome.NotFound, missing)
        : Between(said, "error ", " received from ") is { } error && IPAddress.TryParse(error.Address, out var machine)
            ? new TransferSighting(machine, TransferOutcome.Aborted, File: "", $"error {error.Text}")
            : null;

    private TransferSighting? Ended(TransferOutcome outcome, (string Text, string Address) told) =>
        IPAddress.TryParse(told.Address, out var machine)
            ? new TransferSighting(machine, outcome, Below($"/{told.Text}"))
            : null;

    private static (string Text, string Address)? Between(ReadOnlySpan<char> said, string start, string end) =>
        said.StartsWith(start, StringComparison.Ordinal)
            && said.LastIndexOf(end, StringComparison.Ordinal) is var at && at >= start.Length
            ? (said[start.Length..at].ToString(), said[(at + end.Length)..].ToString())
            : null;

    private string Below(string file) =>
        file.StartsWith(tftpRoot, StringComparison.Ordinal) ? Path.GetFullPath($"/{file[tftpRoot.Length..]}")[1..] : file;
}
