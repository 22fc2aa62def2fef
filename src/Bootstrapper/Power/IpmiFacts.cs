namespace Bootstrapper.Power;

/// <summary>Reads what ipmitool prints of a machine's FRU and of its BMC: a name, a colon and a value on each line.</summary>
internal static class IpmiFacts
{
    /// <param name="fru">What <c>fru print 0</c> said; empty where the BMC has none.</param>
    /// <param name="bmc">What <c>mc info</c> said.</param>
    public static BmcFacts Of(PowerState? power, string fru, string bmc) => new()
    {
        Power = power,
        Manufacturer = Said(fru, "Product Manufacturer") ?? Said(fru, "Board Mfg"),
        Model = Said(fru, "Product Name") ?? Said(fru, "Board Product"),
        Serial = Said(fru, "Product Serial") ?? Said(fru, "Board Serial") ?? Said(fru, "Chassis Serial"),
        BmcFirmware = Said(bmc, "Firmware Revision"),
    };

    private static string? Said(string text, string name) => BmcFacts.Shown((
        from line in text.Split('\n')
        let colon = line.IndexOf(':', StringComparison.Ordinal)
        where colon > 0 && line[..colon].Trim() == name
        select line[(colon + 1)..]).FirstOrDefault());
}
