namespace Bootstrapper.Doctor;

/// <summary>One thing that was looked at.</summary>
/// <param name="Check">What was looked at, in a word or two.</param>
/// <param name="Text">What was seen, in a sentence without its full stop.</param>
/// <param name="Remedy">What to do about it; empty where there is nothing to do.</param>
internal sealed record Finding(string Check, Gravity Gravity, string Text, string Remedy = "")
{
    public static Finding Good(string check, string text) => new(check, Gravity.Good, text);

    public static Finding Warning(string check, string text, string remedy) => new(check, Gravity.Warning, text, remedy);

    public static Finding Error(string check, string text, string remedy) => new(check, Gravity.Error, text, remedy);
}

internal enum Gravity
{
    Good,

    /// <summary>Machines may still come up.</summary>
    Warning,

    /// <summary>Some machine will not come up, or the program will not start.</summary>
    Error,
}
