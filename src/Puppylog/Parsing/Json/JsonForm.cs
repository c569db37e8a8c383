using Puppylog.Records;

namespace Puppylog.Parsing.Json;

/// <summary>What tells apart the templates of lines with the same bytes between their values.</summary>
/// <param name="Time">The value that is the record's time.</param>
/// <param name="TimeForm">How that is written; null where <c>_time</c> does not reproduce it.</param>
/// <param name="Message">The value that is the message.</param>
/// <param name="Level">The value that is the level.</param>
/// <param name="LevelColumn">The field that has it as it is written.</param>
/// <param name="Escapes">
/// Which strings have escapes and how they are written, hashed: two that fall together cost room only, as the encoder
/// compares.
/// </param>
readonly record struct JsonForm(JsonPath? Time, TimeForm? TimeForm, JsonPath? Message, JsonPath? Level, string LevelColumn, ulong Escapes);
