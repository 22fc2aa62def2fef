using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Bootstrapper.Cluster;
using Bootstrapper.Model;

namespace Bootstrapper.Boot;

/// <summary>
/// What firmware said of itself when it asked for an address, from dnsmasq's log (<c>log-dhcp</c>): of the lines about one
/// packet, which begin with the same number, the vendor class comes before the one that names the machine.
/// </summary>
internal sealed partial class FirmwareLog
{
    private readonly ConcurrentDictionary<MacAddress, int> _architectures = new();
    private (string Packet, int Architecture) _last = ("", 0);

    public void Hear(string line)
    {
        if (VendorClass().Match(line) is { Success: true } said)
        {
            _last = (said.Groups["packet"].Value, int.Parse(said.Groups["architecture"].Value, CultureInfo.InvariantCulture));
        }
        else if (Machine().Match(line) is { Success: true } machine && machine.Groups["packet"].Value == _last.Packet)
        {
            _architectures[MacAddress.Parse(machine.Groups["mac"].Value, null)] = _last.Architecture;
        }
    }

    /// <summary>Whether a file in <c>tftpboot/</c> is a loader for other firmware than this machine has.</summary>
    public bool CannotStart(MacAddress mac, string file) =>
        _architectures.TryGetValue(mac, out var architecture)
        && For(file) is { Count: > 0 } kinds && !kinds.Any(kind => kind.Architectures.Contains(architecture));

    private static IReadOnlyList<Firmware> For(string file) =>
    [
        .. Firmware.All.Where(kind => kind.Loader == file),
        .. LoaderChoice.All.Where(choice => choice.File == file).Select(choice => choice.Firmware),
    ];

    [GeneratedRegex(
        @"^dnsmasq-dhcp\[\d+\]: (?<packet>\d+) vendor class: (PXE|HTTP)Client:Arch:(?<architecture>\d{5})",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex VendorClass();

    [GeneratedRegex(
        @"^dnsmasq-dhcp\[\d+\]: (?<packet>\d+) (DHCP[A-Z]+|PXE)\(\S+\) (\S+ )?(?<mac>([0-9a-f]{2}:){5}[0-9a-f]{2})\b",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Machine();
}
