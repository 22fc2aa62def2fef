using System.CommandLine;

namespace Bootstrapper.Cli;

/// <summary>An option that several commands have; it reads the environment itself, as <see cref="CommonOptions"/> says.</summary>
internal class CommonOption<T>(string name) : Option<T>(name);
