namespace Bootstrapper.Cluster;

/// <summary>
/// The UUID that a board's vendor wrote into its SMBIOS table. Vendors who wrote none left a filler, the same in every machine:
/// it identifies nobody.
/// </summary>
internal static class SystemUuid
{
    /// <remarks>As FOGProject's hardware reports collect them; the first two are the same octets in both byte orders.</remarks>
    private static readonly HashSet<Guid> Fillers =
    [
        new("03000200-0400-0500-0006-000700080009"),
        new("00020003-0004-0005-0006-000700080009"),
        new("03020100-0504-0706-0809-0a0b0c0d0e0f"),
        new("00010203-0405-0607-0809-0a0b0c0d0e0f"),
        new("12345678-1234-5678-90ab-cddeefaabbcc"),
        new("12345678-1234-1234-1234-123456789012"),
        new("4c4c4544-0000-2010-8020-80c04f202020"), // Dell's, of a board without a service tag
        new("01234567-8910-1112-1314-151617181920"),
        new("10000000-0000-0000-0000-000000000000"),
        new("efbeadde-efbe-adde-efbe-addeefbeadde"),
        new("deadbeef-dead-beef-dead-beefdeadbeef"),
    ];

    /// <summary>
    /// As firmware from before SMBIOS 2.6, and some after it, writes the same octets: the first three numbers turned round.
    /// </summary>
    public static Guid InOtherOrder(Guid uuid) => new(uuid.ToByteArray(), bigEndian: true);

    /// <summary>One octet sixteen times over, such as all zeros, is a filler as well.</summary>
    public static bool IsFiller(Guid uuid) => Fillers.Contains(uuid) || uuid.ToByteArray().Distinct().Count() == 1;
}
