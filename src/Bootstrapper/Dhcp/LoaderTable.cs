using System.Buffers.Binary;
using System.Globalization;
using Bootstrapper.Cluster;
using Bootstrapper.Model;

namespace Bootstrapper.Dhcp;

/// <summary>
/// Which loader a machine is told of, by what its firmware says of itself: what the templates for dnsmasq, the ISC server and Kea
/// say in those servers' languages, from the same <see cref="Firmware"/> and <see cref="LoaderChoice"/>.
/// </summary>
internal sealed class LoaderTable
{
    private static ReadOnlySpan<byte> ArchitectureMark => "Client:Arch:"u8;

    private readonly Dictionary<int, Firmware> _firmware = Firmware.All
        .SelectMany(kind => kind.Architectures.Select(number => (number, kind))).ToDictionary();

    private readonly Dictionary<(BootLoader, Firmware), LoaderChoice> _choices =
        LoaderChoice.All.ToDictionary(choice => (choice.Loader, choice.Firmware));

    private readonly Dictionary<Firmware, string> _urls;
    private readonly string _script, _loaders;

    public LoaderTable(ClusterDescription cluster)
    {
        _loaders = Urls.Loaders(cluster);
        _urls = Firmware.All.ToDictionary(kind => kind, kind => $"{_loaders}/{kind.Loader}");
        _script = Urls.IpxeScript(cluster);
    }

    /// <summary>
    /// UEFI that boots over HTTP says so in its vendor class, whatever its architecture's number says, and wants to hear it back.
    /// </summary>
    public static bool BootsOverHttp(in DhcpReader request) =>
        request.Option(DhcpOptions.VendorClass).IndexOf("HTTPClient"u8) >= 0;

    /// <param name="wanted">What the machine is to load its kernel with.</param>
    /// <returns>A name for TFTP, or a URL; <c>null</c> for who does not boot, or what nothing is there for.</returns>
    public string? LoaderFor(in DhcpReader request, BootLoader wanted)
    {
        var firmware = FirmwareOf(request);
        var isHttp = BootsOverHttp(request);
        var choice = firmware is null ? null : _choices.GetValueOrDefault((wanted, firmware));
        return choice is not null && !isHttp ? choice.File
            : LoaderChoice.Of(wanted) is { IsSigned: true } ? choice is null ? null : $"{_loaders}/{choice.File}"
            : request.Option(DhcpOptions.UserClass).IndexOf("iPXE"u8) >= 0 ? _script
            : firmware is null ? null
            : isHttp ? _urls[firmware]
            : firmware.Loader;
    }

    /// <summary>
    /// By the option that is for it; some firmware says it in its vendor class alone, and an old BIOS not at all.
    /// </summary>
    private Firmware? FirmwareOf(in DhcpReader request)
    {
        if (request.Has(DhcpOptions.ClientArchitecture))
        {
            return InOption(request.Option(DhcpOptions.ClientArchitecture));
        }

        var vendor = request.Option(DhcpOptions.VendorClass);
        return vendor.IndexOf(ArchitectureMark) is >= 0 and var mark ? InVendorClass(vendor[(mark + ArchitectureMark.Length)..])
            : vendor.IndexOf("PXEClient"u8) >= 0 ? Firmware.Bios
            : null;
    }

    /// <summary>It may name several.</summary>
    private Firmware? InOption(ReadOnlySpan<byte> numbers)
    {
        for (; numbers.Length >= sizeof(ushort); numbers = numbers[sizeof(ushort)..])
        {
            if (_firmware.TryGetValue(BinaryPrimitives.ReadUInt16BigEndian(numbers), out var firmware))
            {
                return firmware;
            }
        }

        return null;
    }

    private Firmware? InVendorClass(ReadOnlySpan<byte> text)
    {
        const int Digits = 5;
        return text.Length >= Digits
            && int.TryParse(text[..Digits], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? _firmware.GetValueOrDefault(number)
                : null;
    }
}
