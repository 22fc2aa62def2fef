using System.Buffers.Binary;
using System.Text;
using Bootstrapper.Dhcp;

namespace Bootstrapper.Rehearsal;

/// <summary>How a program asks for an address: what it says of itself, and how long it waits for an answer each time.</summary>
/// <param name="VendorClass">Option 60; <c>null</c> for none.</param>
/// <param name="Architecture">Option 93, with the UUID in option 97; <c>null</c> for what is no firmware.</param>
/// <param name="Patience">Seconds, after each of which it asks again; then it gives up.</param>
internal sealed record DhcpVoice(string? VendorClass, ushort? Architecture, IReadOnlyList<int> Patience)
{
    /// <summary>PXE specification 2.1, 2.2.1: so do BIOS and UEFI (EDK II, PxeBcDhcp4).</summary>
    private static readonly int[] OfFirmware = [4, 8, 16, 32];

    /// <summary>ipxe/config/dhcp.h: from one second to ten.</summary>
    private static readonly int[] OfIpxe = [1, 2, 4, 8, 10];

    /// <summary>RFC 2131, 4.1, as systemd-networkd does.</summary>
    private static readonly int[] OfSystem = [4, 8, 16, 32, 64, 64, 64];

    private static readonly byte[] Wishes = [1, 3, 6, 12, 15, 28, 42, 43, 51, 54, 60, 66, 67];

    public static readonly DhcpVoice Bios = new("PXEClient:Arch:00000:UNDI:002001", 0, OfFirmware);

    public static readonly DhcpVoice Uefi = new("PXEClient:Arch:00007:UNDI:003016", 7, OfFirmware);

    public static readonly DhcpVoice UefiHttp = new("HTTPClient:Arch:00016:UNDI:003001", 16, OfFirmware);

    public static readonly DhcpVoice System = new(null, null, OfSystem);

    /// <summary>Option 77; <c>null</c> for none.</summary>
    public string? UserClass { get; private init; }

    /// <summary>What this firmware speaks as once it has loaded iPXE.</summary>
    public DhcpVoice AsIpxe() =>
        this with { VendorClass = $"PXEClient:Arch:{Architecture:D5}:UNDI:003010", UserClass = "iPXE", Patience = OfIpxe };

    /// <param name="uuid">As SMBIOS has it.</param>
    public void Say(DhcpWriter question, Guid uuid)
    {
        if (VendorClass is not null)
        {
            question.Add(DhcpOptions.VendorClass, Encoding.ASCII.GetBytes(VendorClass));
        }

        if (UserClass is not null)
        {
            question.Add(DhcpOptions.UserClass, Encoding.ASCII.GetBytes(UserClass));
        }

        if (Architecture is { } number)
        {
            Span<byte> octets = stackalloc byte[sizeof(ushort)];
            BinaryPrimitives.WriteUInt16BigEndian(octets, number);
            question.Add(DhcpOptions.ClientArchitecture, octets);
            question.Add(DhcpOptions.ClientUuid, [0, .. uuid.ToByteArray()]);
        }

        question.Add(DhcpOptions.ParameterList, Wishes);
    }
}
