using System.Globalization;

namespace Bootstrapper.Doctor;

/// <summary>
/// Firmware knows of no other maximum packet size than Ethernet's: what is longer than the link's is lost without a word.
/// </summary>
internal static class LinkMtu
{
    public const string Name = "mtu";

    /// <summary>Bytes (IEEE 802.3).</summary>
    private const int Ethernet = 1500;

    public static IEnumerable<Finding> Check(Patient patient)
    {
        if (patient.Interface is { } serving)
        {
            var mtu = int.Parse(File.ReadAllText($"/sys/class/net/{serving.Name}/mtu"), CultureInfo.InvariantCulture);
            yield return mtu >= Ethernet || serving.Name == "lo"
                ? Finding.Good(Name, $"{mtu} on {serving.Name}")
                : Finding.Warning(
                    Name,
                    $"{serving.Name} carries packets of {mtu} bytes, and firmware sends {Ethernet}: transfers may stop half-way",
                    $"ip link set {serving.Name} mtu {Ethernet}, and the same on the switch");
        }
    }
}
