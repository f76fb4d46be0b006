"""Expected failures, each a code, its facts and one Chinese sentence for the clerk.

A sentence says what happened, what was kept and what to do. Anything that is not a
:class:`UserError` is a bug and is reported as one.
"""

from __future__ import annotations

SENTENCES: dict[str, str] = {
    "notice_not_found": "找不到通知配置“{name}”。请从列表中另选一个，或用 --notice 给出 .toml 文件的路径。",
    "notice_unclear": "有几份通知可选（{ids}），请用 --notice 说明是哪一份。",
    "notice_unreadable": "无法读取通知配置 {file}：{reason}。请检查文件后重试。",
    # the collection file
    "collection_exists": "“{file}”已经存在，没有改动它。请换一个文件名，或直接打开它。",
    "collection_missing": "找不到采集文件“{file}”。请检查路径后重试。",
    "two_copies_same_file": "“{file}”就是现在打开的这一份，没有可比较的。请选择另一份。",
    "two_copies_not_a_copy": "“{file}”不是这份采集的另一份，没有比较。请选择由同一份采集复制出来的文件。",
    "two_copies_changed": "“{name}”在比较之后有了改动，没有取得，这一份没有变。请重新比较后再取。",
    "two_copies_cancelled": "已取消，没有取得，这一份没有变。",
    "collection_locked": "“{file}”正在另一个窗口或程序中打开，为免互相覆盖，这里不能修改。请先关闭那个窗口。",
    "collection_locked_elsewhere": "“{file}”从 {since} 起在电脑“{computer}”上打开着，为免互相覆盖，这里没有打开。"
    "请先在那台电脑上关闭它；它已死机或断网的，可以在窗口里选“仍要打开”。",
    "collection_not_one": "“{file}”不是本程序的采集文件，没有改动它。请另选一个 .certclerk 文件。",
    "collection_password_needed": "“{file}”有密码。请输入密码后打开。",
    "collection_password_wrong": "密码不对，没有打开“{file}”，文件没有改动。请注意大小写和输入法后再试；确信密码无误的，可能是文件开头已损坏，请从备份恢复。",
    "password_too_short": "密码太短，请至少用 {least} 个字符。没有建立文件。",
    "rekey_cancelled": "已取消，采集文件和密码都没有改动。",
    "rekey_differs": "换了密码的副本和原文件不一致，没有采用，采集文件和密码都没有改动。请检查磁盘后重试。",
    "upgrade_not_kept": "打开“{file}”前要先留一份旧版本的副本，但副本与原文件不一致；文件没有改动。请检查本机硬盘后重试。",
    "collection_unfinished": "“{file}”上次的改动写到一半就中断了，只读时不能复原。请在可以写入的地方打开它一次。",
    "collection_newer": "“{file}”是用更新版本的程序建立的，这个版本不能打开。请更新程序后重试；文件没有改动。",
    "collection_damaged": "采集文件“{file}”已损坏（{reason}），没有改动它。请在窗口中打开（只读）并抢救为新文件，或从备份恢复。",
    "collection_disk_full": "磁盘已满，这一步没有保存，此前的内容都在。请腾出空间后重试。（{file}）",
    "collection_read_only": "“{file}”是只读的，这一步没有保存。请把文件复制到可以写入的文件夹后再打开。",
    "collection_busy": "“{file}”正被另一个程序占用，这一步没有保存。请稍后重试。",
    "collection_cannot_open": "无法打开“{file}”：没有权限或文件夹不可用。请检查后重试。",
    "collection_io": "读写“{file}”时磁盘出错（{reason}），这一步没有保存，此前的内容都在。请检查磁盘或U盘后重试。",
    "collection_open_read_only": "“{file}”是以只读方式打开的，不能修改。",
    "archive_unlike": "归档“{file}”与采集不一致（{reason}），没有清除任何内容。请另选位置重新归档，再清除。",
    "archive_of_damaged": "采集里有 {count} 幅图像的数据已损坏，归档不能代替它，没有归档也没有清除。请重新扫描这些页，再清空回收站。",
    "archive_cancelled": "已取消归档，没有留下文件；采集没有改动。",
    "examine_cancelled": "已取消检查，没有改动任何文件。",
    "reading_cancelled": "已取消，没有打开，文件没有改动。",
    "rescue_cancelled": "已取消抢救，没有写出新文件；原文件没有改动。",
    "blob_damaged": "“{file}”里有一页图像的数据已损坏。请重新扫描这一页，其余内容不受影响。",
    "submission_record_damaged": "{day} 的报送记录已损坏，不能读取；名册和图像不受影响。请从备份恢复后再看报送记录。",
    "folder_missing": "找不到文件夹“{folder}”。请检查路径后重试。",
    "folder_not_writable": "文件夹“{folder}”不能写入。请换一个文件夹后重试。",
    # backups
    "backup_busy": "另一个窗口或程序正在备份到“{folder}”，这次没有备份；稍后会再备份。",
    "backup_place_missing": "备份位置“{folder}”现在不可用（可能没有插U盘或网络断开），没有备份到那里；它回来后会接着备份。",
    "backup_unproven": "备份到“{folder}”后读回核对不一致，这次的没有留下，以前的备份都在。请检查磁盘或U盘，或换一个备份位置。",
    "backup_cancelled": "已取消备份；以前的备份都在，采集文件没有改动。",
    "restore_cancelled": "已取消，没有恢复出文件；备份没有改动。",
    "backup_not_one": "“{file}”不是本程序的备份，没有恢复。请选择备份文件夹里的 .certbackup 文件，不要改它的名字。",
    "backup_damaged": "备份“{file}”已损坏，没有恢复出文件。请换用另一份备份；采集文件没有改动。",
    "backup_locked": "备份“{file}”有密码，或密码不对，没有恢复出文件。请输入备份那时的密码后重试。",
    "backup_pages_lost": "备份“{file}”里有 {pages} 个图像已损坏，没有恢复出文件。请换用另一份备份，或只恢复读得出的内容（--partly）。",
    # the take-along
    "ticks_damaged": "进度文件“{file}”不完整或已损坏，没有读回；这里的标记没有改动。请从随身录入页重新下载。",
    "ticks_not_ones": "“{file}”不是录入进度文件，没有读回。请选择随身录入页里“下载进度文件”得到的文件。",
    "ticks_of_another": "“{file}”是另一份采集的录入进度，没有读回。请打开导出随身录入包的那份采集后再读。",
    "take_along_empty": "没有需要录入的证书，没有生成随身录入包。请先补齐至少一名纳入的教师。",
    "take_along_too_large": "图像缩到最小也超过{most} MB，没有生成随身录入包。请把上限调大，或不附带PDF。",
    "take_along_cancelled": "已取消，没有生成随身录入包；原有的文件夹没有改动。",
    # the submission folder
    "path_missing": "找不到“{path}”。请检查路径后重试。",
    "not_a_submission": "“{path}”不是本程序生成的报送包文件夹。请选择含有校验清单的那个文件夹。",
    "manifest_newer": "这份报送包是更新版本的程序（{program}）做的，这个版本不能校验。请更新程序后重试；没有改动任何文件。",
    "zip_wrong_password": "压缩包的密码不对，没有校验；没有改动任何文件。请核对密码后重试，或不填密码，只核对整个压缩包。",
    "only_a_part": "“{file}”只是报送包的一部分，单独无法校验。请把它和校验清单等文件放回同一个文件夹，再校验那个文件夹；或打开采集文件来对照（--collection）。",
    "password_empty": "标准输入里没有密码，没有生成或校验任何内容。请把密码作为一行写入标准输入后重试。",
    "password_not_utf8": "标准输入里的密码不是 UTF-8 编码，没有生成或校验任何内容。请改用 UTF-8（Windows 命令行先执行 chcp 65001）后重试。",
    "nothing_to_submit": "没有可以报送的教师，没有生成报送包。请先补齐至少一名教师，或检查是否都设成了不纳入、暂缓。",
    "document_empty": "“{name}”没有一页图像，没有生成报送包。请扫描这名教师的证书，或将其设为暂缓。",
    "name_not_gbk": "旧版ZIP（GBK）写不出这些文件名里的字：{names}，没有生成报送包。请不用“旧版兼容”再生成一次。",
    "verify_cancelled": "已取消校验，没有改动任何文件。",
    "package_cancelled": "已取消，没有生成报送包；原有的文件夹没有改动。",
    "read_back_failed": "读回核对时发现不一致：{reason}没有生成报送包，原有的文件夹没有改动。请检查磁盘后重试。",
    "submitted_page_damaged": "{name} 的{slot}（{source}）图像数据已损坏，没有生成报送包。请重新扫描这一页，或让这名教师这次暂缓。",
    "not_a_folder": "“{path}”不是文件夹，没有写入任何内容。请另选一个文件夹。",
    "roster_no_head": "名册里没有找到表头（如 姓名、身份证号码、证书号码），没有导入。请在首行写上这些列名，或在窗口中导入并逐列指定。",
    # taking pages in
    "image_unreadable": "“{name}”不能读取（{reason}），没有收入。请检查文件和权限后再加入。",
    "intake_cancelled": "已取消，这一批没有放入任何一页。",
    # packaging
    "package_blocked": "还有 {count} 个问题没有解决，没有生成报送包。请改正，或让有问题的教师这次暂缓。",
    "supplement_of_nothing": "还没有报送过，没有什么可补报。请先全部报送（不用“补报”）。",
    "supplement_of_unknown": "上次报送是旧版本的程序生成的，没有记下内容，不能比较出该补报谁。请全部报送一次。",
    "supplement_unchanged": "上次报送以后，没有教师新增或有改动，不用补报，没有生成报送包。只改了报送信息或次序时，请全部报送。",
    "supplement_only_withdrawn": "没有新增或有改动的教师，只有要撤回的（{names}），没有生成报送包。请直接写邮件说明，或全部报送。",
    # files and disks
    "disk_full": "磁盘空间不足，无法写入“{path}”；原有的文件没有改动。请腾出空间或换一个位置后重试。",
    "no_space": "“{path}”所在磁盘只剩 {free} MB，这次需要约 {needed} MB；还没有写入任何内容。请腾出空间或换一个位置。",
    "access_denied": "没有权限写入“{path}”（可能是只读的位置）；原有的文件没有改动。请换一个文件夹后重试。",
    "path_vanished": "找不到“{path}”（可能已被移走，或U盘已拔出）；原有的文件没有改动。请检查后重试。",
    "device_gone": "读写“{path}”时磁盘出错或已断开；原有的文件没有改动。请检查磁盘、U盘或网络后重试。",
    "path_too_long": "“{path}”的路径太长；原有的文件没有改动。请换一个层次较浅的文件夹后重试。",
    "file_too_large": "“{path}”超过了这个磁盘允许的单个文件大小（如FAT32的4 GB）。请换一个磁盘，或把邮件上限调小以分成几份。",
    "file_in_use": "“{path}”正被另一个程序打开；原有的文件没有改动。请关闭那个程序（如 Excel、WPS、邮件）后重试。",
    "name_taken": "“{path}”的位置上已有同名的文件，没有改动它。请把它移开，或换一个位置后重试。",
    "file_failed": "读写“{path}”失败：{reason}。原有的文件没有改动，请检查后重试。",
    "printer_refused": "打印机没有接受“{title}”，没有打印。请检查打印机是否接通后重试，或改为存为 PDF。",
    # scanners
    "scanner_busy": "“{device}”正忙，或被别的程序、别的电脑占用。{kept}请等它空闲后再扫。",
    "scanner_jammed": "“{device}”卡纸了。{kept}请取出卡住的纸，从没有收到的那一页起放好，再扫。",
    "scanner_empty": "“{device}”的送纸器里没有纸。{kept}请放好纸再扫，或在扫描仪设置中改用平板。",
    "scanner_cover_open": "“{device}”的盖子没有合上。{kept}请合好盖子再扫。",
    "scanner_double_fed": "“{device}”一次进了不止一张纸。{kept}请把纸抖开，从没有收到的那一页起放好，再扫。",
    "scanner_io": "与“{device}”的通信出错（{reason}）。{kept}请检查连线和电源后再扫。",
    "scanner_gone": "找不到“{device}”，它可能没有开机、已拔出或不在网络上。{kept}请检查电源和连线后重试，或另选扫描仪。",
    "scanner_silent": "“{device}”{seconds} 秒没有动静，已停止等待。{kept}请看看它是否卡住或休眠，必要时关机再开，然后重试。",
    "scanner_no_permission": "没有使用“{device}”的权限。{kept}请让管理员把当前用户加入扫描仪的用户组（scanner），然后重试。",
    "scanner_no_memory": "“{device}”说内存不足。{kept}请在扫描仪设置中降低分辨率或缩小范围后再扫。",
    "scanner_settings_refused": "“{device}”不接受所选的设置（{reason}）。{kept}请在扫描仪设置中另选来源、分辨率或范围后再扫。",
    "scanner_crashed": "“{device}”的驱动程序意外退出（{reason}）。{kept}请再扫一次；若总是这样，请重新插拔扫描仪。",
    "scanner_cut_short": "“{device}”有一页没有传完，这一页没有收入。{kept}请重扫这一页。",
    "scanner_stopped_itself": "“{device}”自己停了下来。{kept}请看看它的面板上有没有提示，处理后再扫。",
    "scanner_cancelled": "已停止扫描。{kept}",
    "scanner_odd_answer": "“{device}”的回答不对：{reason}。{kept}请确认地址是扫描仪的、扫描仪支持 eSCL（AirScan、AirPrint）。",
    "scanner_address": "“{address}”不像扫描仪的地址。请输入像 192.168.1.20 或 http://192.168.1.20:8080 这样的地址。",
    "scanner_driver_missing": "{device}用不了：这台电脑没有装{missing}。请安装后重试，或改用网络地址、监视文件夹。",
    # the program's own files
    "no_screen": "这里没有可以显示窗口的屏幕。请在桌面环境中打开，或用 xvfb-run；不用窗口也可以用 new、list、package 等命令。",
    "resource_missing": "程序文件不完整：缺少“{name}”。请重新安装程序；采集文件不受影响。",
    # notice profiles
    "notice_broken": "通知配置 {file} 有误：{key} {reason}。请改正后重试；已有的采集不受影响。",
    # roster tables
    "roster_missing": "找不到名册文件“{file}”。请检查路径后重试。",
    "roster_is_folder": "“{file}”是文件夹，不是表格文件。请选择其中的表格文件。",
    "roster_no_permission": "没有权限读取“{file}”，没有读入。请把它复制到自己的文件夹（如桌面）后重试。",
    "roster_in_use": "“{file}”正被另一个程序占用，没有读入。请在 Excel、WPS 中关闭它（或等同步、下载完成）后重试。",
    "roster_owner_file": "“{file}”是表格打开时留下的占用标记，不是表格本身，没有读入。请选择文件名开头没有这个标记的那个文件。",
    "roster_io": "读取“{file}”时磁盘出错（{reason}）。请检查磁盘或U盘后重试；已有的名册没有改动。",
    "roster_empty": "“{file}”是空文件（0字节），没有读入任何内容。请确认文件已保存完整后重试。",
    "roster_blank": "“{file}”里的工作表都是空的，没有读入任何内容。请确认选对了文件、名册已经保存后重试。",
    "roster_too_big": "“{file}”有 {size} MB，超过 {most} MB 的上限，没有读入。请删去图片和无关的工作表后另存再试。",
    "roster_unpacks_too_big": "“{file}”解压后超过 {most} MB，不像正常的名册，没有读入。请把名册复制到新的表格中另存再试。",
    "roster_too_many_cells": "“{file}”的工作表“{sheet}”到第{row}行第{column}列已超出名册的范围，没有读入。"
    "请只保留需要的行和列，删去远处多余的单元格，另存再试。",
    "roster_sheets_too_big": "“{file}”的各工作表合起来超过 {most} 万个单元格，超出名册的范围，没有读入。请只留下名册所在的工作表，另存再试。",
    "roster_too_many_sheets": "“{file}”有 {count} 个工作表，超过 {most} 个的上限，没有读入。请只留下名册所在的工作表，另存再试。",
    "roster_takes_too_long": "“{file}”读了{seconds}秒还没有读完，不像正常的名册，没有读入。请把名册复制到新的表格中另存再试。",
    "roster_needs_too_much_memory": "读取“{file}”需要的内存太多，不像正常的名册，没有读入。请把名册复制到新的表格中另存再试。",
    "roster_reader_not_started": "读取“{file}”时系统没有让程序再起一个进程（{reason}），没有读入。请关闭一些程序后重试。",
    "roster_breaks_reader": "“{file}”的内容使读取中断，没有读入；已有的名册没有改动。请用 Excel 或 WPS 打开它，另存为 .xlsx 后重试。",
    "roster_password": "“{file}”有打开密码或受保护，没有读入。请在 Excel 或 WPS 中打开它，取消密码和保护，另存为 .xlsx 后重试。",
    "roster_not_workbook": "“{file}”其实是{what}，不是表格文件，没有读入。请用 Excel 或 WPS 打开，另存为 .xlsx 后重试。",
    "roster_is_text": "“{file}”其实是纯文本，只是扩展名像表格，没有读入。请用 Excel 或 WPS 打开，另存为 .xlsx 后重试。",
    "roster_beyond_reader": "“{file}”用了本程序还不认识的存储方式，没有读入。请用 Excel 或 WPS 打开它，另存为 .xlsx 后重试。",
    "roster_unknown": "认不出“{file}”是什么文件，没有读入。可以读 .xlsx、.xls、.xlsb、.ods 和 .csv 表格。",
    "roster_damaged": "“{file}”已损坏或不完整，没有读入。请用 Excel 或 WPS 打开它，另存为 .xlsx 后重试。",
    "roster_no_sheet": "“{file}”里没有工作表（只有图表或宏），没有读入。请另选一个文件。",
    "roster_encoding": "认不出“{file}”的文字编码，没有读入。请用 Excel 或 WPS 打开，另存为 .xlsx 后重试。",
    "roster_nothing_pasted": "剪贴板里没有表格内容，没有读入。请先在 Excel、WPS 或 LibreOffice 中选中名册（连同表头）并复制，再粘贴。",
    "roster_text_damaged": "“{file}”第{line}行附近的引号或分隔符有误，没有读入。请用 Excel 或 WPS 打开，另存为 .xlsx 后重试。",
    # the bureau's own form
    "form_not_xlsx": "“{file}”不是 .xlsx 表格，没有采用。请用 Excel 或 WPS 打开它，另存为 .xlsx 后再选。",
    "form_too_big": "“{file}”太大（{what}），不像要填的表样，没有采用。请删去图片和表格以外多余的行列，另存为 .xlsx 后再选。",
    "form_suspicious": "“{file}”里有表格不该有的内容（{part}），没有采用。请用 Excel 或 WPS 打开它，另存为 .xlsx 后再选。",
    "form_unfillable": "局里的表样“{file}”填不进去（{reason}），没有改动它。请用 Excel 或 WPS 另存为 .xlsx 后再选，"
    "或移除表样，改用程序自己的表。",
    "form_differs": "局里的表样“{file}”填好后读回核对不一致：{difference}。没有生成报送包；请移除这个表样，改用程序自己的表。",
    # sealed copies
    "sealed_not_scan": "“{file}”不是 PDF 或 JPG、PNG、TIFF 图片，没有加入。请把盖章的附件扫描成其中一种后再选。",
    "sealed_too_big": "“{file}”有 {size} MB，超过 {most} MB 的上限，没有加入。请用 300 dpi 以下重新扫描后再选。",
    "sealed_folder_gone": "报送包不在“{folder}”了，没有加入扫描件。请把它放回原处，或重新生成报送包。",
    "sealed_folder_changed": "报送包与生成时不一样了（{reason}）没有加入扫描件，文件夹没有改动。请重新生成报送包。",
    "sealed_cancelled": "已取消，没有加入扫描件；报送包没有改动。",
    "print_no_printer": "这台电脑没有打印机，没有打印。请接好打印机再试，或用文件夹里的 PDF 到别处打印。",
    # a watched folder
    "watch_folder_gone": "找不到监视的文件夹“{folder}”，或没有打开它的权限。请检查U盘、网络或路径；它回来后会接着监视。",
    "watch_folder_too_big": "“{folder}”里的图片超过{most}个，不能监视。请让扫描仪存到一个专用的文件夹，再监视那个文件夹。",
    "watch_encrypted": "“{name}”有打开密码，没有收入。请点窗口下方的“监视”，输入密码后收入。",
    # pages from files
    "image_empty": "“{name}”是空文件，没有收入。请重新扫描或重新拷贝后再加入。",
    "image_too_big": "“{name}”超过{most} MB，没有收入。请分成几个文件，或降低扫描分辨率后再加入。",
    "image_unknown": "“{name}”不是图片，没有收入。可以加入 PDF 和 JPEG、PNG、TIFF、BMP、WebP、GIF、JPEG 2000 图片。",
    "scan_is_link": "拖来的只是一个网址，图片没有一起带来；本程序不连接网络，没有收入。请在网页上复制图片后粘贴（Ctrl+V），或另存为文件再拖进来。",
    "image_other": "“{name}”是{label}，暂不能读取，没有收入。请另存为 JPEG 后再加入。",
    "image_damaged": "“{name}”已损坏或不完整（{reason}），没有收入。请重新扫描或重新拷贝后再加入。",
    "image_strange_pixels": "“{name}”的像素格式不支持（不是扫描件常用的8位或16位），没有收入。请另存为 JPEG 后再加入。",
    "image_too_many_pixels": "“{name}”有{width}×{height}像素，超过{most}百万像素的上限，没有收入。"
    "请降低扫描分辨率（300 dpi 即可）后再加入。",
    "image_too_many_frames": "“{name}”的页数过多（上限{most}页），没有收入。请分成几个文件后再加入。",
    "page_damaged": "“{name}”的图像数据已损坏（{reason}）。请重新扫描这一页，其余内容不受影响。",
    "image_heic": "“{name}”是手机的 HEIC 照片，没有收入。苹果手机请在“设置-相机-格式”中选“兼容性最佳”，安卓手机请在相机设置中"
    "关闭“高效图片格式”，重拍后再加入；已拍的照片请在手机上另存为 JPEG。",
    "image_reader_not_started": "读取“{name}”时系统没有让程序再起一个进程（{reason}），没有收入。请关闭一些程序后再加入。",
    "image_takes_too_long": "“{name}”有一页读了{seconds}秒还没有读完，没有收入。请将这一页重新扫描，或导出为 JPEG 后再加入。",
    "image_needs_too_much_memory": "读取“{name}”需要的内存太多，没有收入。请降低扫描分辨率（300 dpi 即可），或导出为 JPEG 后再加入。",
    "image_breaks_reader": "“{name}”的内容使读取中断，没有收入；已有的页没有改动。请重新扫描，或导出为 JPEG 后再加入。",
    "pdf_encrypted": "“{name}”有打开密码，没有收入。请在窗口中加入并输入密码，或先去掉密码再加入。",
    "pdf_wrong_password": "“{name}”的密码不对，没有收入。请核对密码后再加入。",
}


class UserError(Exception):
    """A failure the clerk can understand and act on.

    ``code`` is a key of :data:`SENTENCES`; ``facts`` fill the sentence's braces.
    ``str(error)`` is the whole Chinese sentence.
    """

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.facts = facts
        super().__init__(SENTENCES[code].format(**facts))
